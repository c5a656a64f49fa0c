//! The files of `relay/deploy`, each checked by a tool that knows its kind.

use std::path::Path;

use anyhow::Result;

use crate::python;

/// What checks them, from PyPI.
const REQUIREMENTS: &str = "relay/deploy/requirements.txt";

/// Installs the tools that check them.
///
/// # Errors
/// Names what could not be installed.
pub(crate) fn install() -> Result<()> {
    python::venv(Path::new(REQUIREMENTS)).map(|_| ())
}
