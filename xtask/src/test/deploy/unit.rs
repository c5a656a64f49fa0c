//! Checks the systemd unit: its syntax, and its sandboxing.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{file, tool};
use crate::steps;

const UNIT: &str = "systemd/mango-relay.service";

/// The text before the exposure level in `systemd-analyze security`.
const VERDICT: &str = "Overall exposure level for mango-relay.service: ";

/// Checks the unit with systemd, and compares its exposure level with the one stated in the unit.
///
/// # Errors
/// The unit has an error, or is more exposed than stated.
pub(super) fn check() -> Result<()> {
    let Some(systemd) = tool("systemd-analyze")? else { return Ok(()) };
    let text = fs::read_to_string(file(UNIT)).context("cannot read the unit")?;
    // systemd checks that the program exists, and it is not installed here.
    let folder = tempfile::tempdir()?;
    let here = folder.path().join("mango-relay.service");
    fs::write(&here, text.replace("/usr/local/bin/mango-relay", "/usr/bin/true"))?;
    steps::run(Command::new(&systemd).args(["verify", "--recursive-errors=no"]).arg(&here))?;

    let output = Command::new(&systemd)
        .args(["security", "--offline=true", "--no-pager"])
        .arg(&here)
        .output()
        .context("cannot start systemd-analyze")?;
    let report = String::from_utf8_lossy(&output.stdout);
    let measured =
        exposure(&report).with_context(|| format!("systemd-analyze security printed no exposure level: {report}"))?;
    let stated = exposure(&text).context("the unit states no exposure level")?;
    ensure!(measured <= stated, "the unit's exposure level is {measured}, above the {stated} that the unit states");
    eprintln!("exposure {measured}, stated {stated}");
    Ok(())
}

fn exposure(text: &str) -> Option<f64> {
    text.split_once(VERDICT)?.1.split_whitespace().next()?.parse().ok()
}
