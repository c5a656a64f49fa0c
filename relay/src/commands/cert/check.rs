//! `cert check`: whether a phone would accept a server's certificate.

mod addresses;
mod findings;
mod net_error;
mod reach;
mod target;
mod visit;

pub use target::{Target, TargetError};

use std::process::ExitCode;

use anyhow::Context;
use time::OffsetDateTime;

use crate::cli::CheckArgs;
use crate::output::terminal::{padded, print};
use crate::tls::roots;
use findings::{Finding, Grade, Roots, findings};
use reach::Reach;
use visit::Visit;

/// Connects to a server and prints the findings. The exit code is 1 if a phone would fail.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let roots = Roots { store: roots(args.root.as_deref())?, own: args.root.is_some() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let (reach, visits) = runtime.block_on(async {
        let reach = Reach::of(&args.target, &args.addresses).await;
        let mut visits = Vec::new();
        for address in &reach.open {
            visits.push(Visit::pay(&args.target, *address).await);
        }
        (reach, visits)
    });
    let findings = findings(&args.target, &reach, &visits, &roots, OffsetDateTime::now_utc());
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
