//! The programs of the system that commands use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mango_relay_harness::nginx_program;

use super::Chromium;
use super::debian::{Programs, on_path};

/// Makes certificates in the relay's tests, and is a server with a single TLS version.
pub(crate) const OPENSSL: Programs =
    Programs { name: "openssl", packages: &[&["openssl"]], found: || on_path("openssl").is_some() };

/// Stands before the relays in tests and benchmarks.
pub(crate) const NGINX: Programs =
    Programs { name: "nginx (installing may start it)", packages: &[&["nginx"]], found: || nginx_program().is_some() };

/// Checks metrics, rules and Prometheus' configuration.
pub(crate) const PROMTOOL: Programs = Programs {
    name: "promtool (installing may start Prometheus)",
    packages: &[&["prometheus"]],
    found: || on_path("promtool").is_some(),
};

/// Checks the systemd unit. Systems without apt may be systems without systemd; there the check is left out.
pub(crate) const SYSTEMD: Programs = Programs {
    name: "systemd-analyze",
    packages: &[&["systemd"]],
    found: || on_path("systemd-analyze").is_some() || on_path("apt-get").is_none(),
};

/// Python with the module that makes virtual environments.
pub(crate) const PYTHON: Programs = Programs {
    name: "Python 3 with pip and venv",
    packages: &[&["python3", "python3-pip", "python3-venv"]],
    found: || {
        let output = Command::new("python3").args(["-c", "import venv, ensurepip"]).output();
        output.is_ok_and(|output| output.status.success())
    },
};

/// Runs the wasm packages and the mini-program's pages.
pub(crate) const CHROMIUM: Programs = Programs {
    name: "Chromium and chromedriver",
    packages: &[&["chromium", "chromium-driver"]],
    found: || Chromium::find().is_ok(),
};

/// Runs the phone's package without JavaScriptCore's compilers, as iPhones do.
pub(crate) const JAVASCRIPT_CORE: Programs = Programs {
    name: "JavaScriptCore's shell",
    packages: &[&["libjavascriptcoregtk-4.0-bin"], &["libjavascriptcoregtk-bin"]],
    found: || on_path("jsc").is_some(),
};

/// Runs the npm package.
pub(crate) const FIREFOX: Programs =
    Programs { name: "Firefox", packages: &[&["firefox-esr"]], found: || firefox().is_some() };

/// Runs the npm package.
pub(crate) const WEBKIT: Programs = Programs {
    name: "WebKitGTK with its driver and browser",
    packages: &[&["webkit2gtk-driver"]],
    found: || on_path("WebKitWebDriver").is_some() && mini_browser().is_some(),
};

/// A display for WebKitGTK, which needs one.
pub(crate) const XVFB: Programs =
    Programs { name: "Xvfb", packages: &[&["xvfb", "xauth"]], found: || on_path("xvfb-run").is_some() };

/// Runs programs for ARM.
pub(crate) const QEMU: Programs =
    Programs { name: "qemu-aarch64", packages: &[&["qemu-user"]], found: || on_path("qemu-aarch64").is_some() };

/// Links programs for ARM, and brings the C library that they need.
pub(crate) const ARM_LINKER: Programs = Programs {
    name: "aarch64-linux-gnu-gcc",
    packages: &[&["gcc-aarch64-linux-gnu"]],
    found: || on_path("aarch64-linux-gnu-gcc").is_some(),
};

/// Loads the relays behind nginx.
pub(crate) const APACHE_BENCH: Programs =
    Programs { name: "ab (ApacheBench)", packages: &[&["apache2-utils"]], found: || on_path("ab").is_some() };

/// Firefox's program.
pub(crate) fn firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"].into_iter().find_map(on_path)
}

/// WebKitGTK's MiniBrowser, which is in the folder of its library.
pub(crate) fn mini_browser() -> Option<PathBuf> {
    let libraries = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let inside =
        |folder: PathBuf| ["webkit2gtk-4.1", "webkitgtk-6.0"].map(|version| folder.join(version).join("MiniBrowser"));
    libraries.chain([Path::new("/usr/lib").to_owned()]).flat_map(inside).find(|path| path.is_file())
}
