//! Chromium, the headless browser of the tests.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use mango_relay_harness::is_root;
use serde_json::json;

use super::debian::on_path;

/// Flags of every run: no GPU, no window, no background network traffic.
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// Chromium and its driver.
#[derive(Debug)]
pub(crate) struct Chromium {
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Chromium {
    /// Searches PATH; `CHROME` and `CHROMEDRIVER` override it.
    ///
    /// # Errors
    /// One of the two is missing.
    pub(crate) fn find() -> Result<Self> {
        let program = named("CHROME")?
            .or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path));
        let driver = named("CHROMEDRIVER")?.or_else(|| on_path("chromedriver"));
        match (program, driver) {
            (Some(program), Some(driver)) => Ok(Self { program, driver }),
            _ => bail!(
                "Chromium and chromedriver are needed, in the same version; install them, or set CHROME and CHROMEDRIVER"
            ),
        }
    }

    /// The program and the flags, as JSON.
    pub(crate) fn to_json(&self) -> String {
        json!({ "binary": self.program, "args": flags() }).to_string()
    }

    /// Writes the file that tells wasm-pack's runner how to start the browser.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write_webdriver_json(&self, folder: &Path) -> Result<()> {
        let content = json!({ "goog:chromeOptions": { "binary": self.program, "args": flags() } });
        fs::write(folder.join("webdriver.json"), format!("{content:#}\n")).context("cannot write webdriver.json")
    }
}

/// Chromium's flags.
pub(crate) fn flags() -> Vec<&'static str> {
    let mut flags = FLAGS.to_vec();
    if is_root() {
        // Chromium's sandbox does not start as root, the user of containers.
        flags.push("--no-sandbox");
    }
    flags
}

/// The file that a variable names, if it is set.
fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else { return Ok(None) };
    ensure!(path.is_file(), "{variable} is {}, which is not a file; correct it or unset it", path.display());
    Ok(Some(path))
}
