//! `cert check`: whether a phone would accept a server's certificate.

use std::process::ExitCode;

use anyhow::Context;
use mango_certificates::check::{Finding, Grade, Roots, check};

use crate::cli::CheckArgs;
use crate::output::terminal::{padded, print};

/// Connects to a server and prints the findings. The exit code is 1 if a phone would fail.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let roots = Roots::load(args.root.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let findings = runtime.block_on(check(&args.target, &args.addresses, &roots));
    print(&findings.iter().flat_map(lines).collect::<Vec<String>>())?;
    let bad = findings.iter().any(|finding| matches!(finding.grade, Grade::Bad(_)));
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn lines(finding: &Finding) -> Vec<String> {
    let grade = match finding.grade {
        Grade::Good => "ok",
        Grade::Note => "note",
        Grade::Warning => "WARN",
        Grade::Bad(_) => "FAIL",
    };
    let mut lines = vec![format!("{grade:4}  {}  {}", padded(finding.topic, 12), finding.text)];
    lines.extend(finding.hint.iter().map(|hint| format!("      {}  → {hint}", padded("", 12))));
    lines
}
