//! The systemd unit: that systemd understands it, and that it is closed as far as it says.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{file, tool};
use crate::steps;

const UNIT: &str = "systemd/mango-relay.service";

/// What `systemd-analyze security` says before the figure.
const VERDICT: &str = "Overall exposure level for mango-relay.service: ";

/// Has systemd look at the unit, and holds its exposure to the figure that the unit states.
///
/// # Errors
/// The unit has a fault, or is more open than it states.
pub(super) fn check() -> Result<()> {
    let Some(systemd) = tool("systemd-analyze")? else { return Ok(()) };
    let text = fs::read_to_string(file(UNIT)).context("cannot read the unit")?;
    // systemd looks for the program, which is not installed here.
    let folder = tempfile::tempdir()?;
    let here = folder.path().join("mango-relay.service");
    fs::write(&here, text.replace("/usr/local/bin/mango-relay", "/usr/bin/true"))?;
    steps::run(Command::new(&systemd).args(["verify", "--recursive-errors=no"]).arg(&here))?;

    let output = Command::new(&systemd)
        .args(["security", "--offline=true", "--no-pager"])
        .arg(&here)
        .output()
        .context("cannot start systemd-analyze")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let measured = figure(&said).with_context(|| format!("systemd-analyze security gave no figure: {said}"))?;
    let stated = figure(&text).context("the unit states no figure")?;
    ensure!(measured <= stated, "the unit's exposure is {measured}, and it states {stated}");
    eprintln!("exposure {measured}, stated {stated}");
    Ok(())
}

fn figure(text: &str) -> Option<f64> {
    text.split_once(VERDICT)?.1.split_whitespace().next()?.parse().ok()
}
