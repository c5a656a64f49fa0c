//! The validated settings of `serve`.
//!
//! Each setting is defined once, in `definitions`; its flag, environment variable and configuration key follow from the
//! definition. Flags override the environment, the environment overrides the file, and the file overrides the defaults.
//!
//! `sources` gathers what flags, environment and file give; `reader` parses and checks it into `values`; `resolved`
//! shows the settings with their sources.

mod check;
mod definitions;
mod fault;
mod reader;
mod resolved;
mod sources;
mod values;

pub use definitions::{AllowedOrigin, LogFormat, LogLevel, TlsVersions};
pub use fault::{Fault, SettingsError};
pub use resolved::{Resolved, Row};
pub use sources::{Origin, ServeArgs};
pub use values::{CertificateFiles, Clients, FeedbackSettings, Limits, LogSettings, MetricsListen, Settings, Times};

use std::env;
use std::path::Path;

use reader::Reader;
use sources::Sources;

impl Settings {
    /// The settings from these flags, the environment and the configuration file.
    ///
    /// # Errors
    /// [`SettingsError`] lists all errors.
    pub fn load(args: &ServeArgs) -> Result<Self, SettingsError> {
        Self::resolve(args).map(|resolved| resolved.settings)
    }

    /// As [`Settings::load`], with the source of each setting.
    ///
    /// # Errors
    /// Those of [`Settings::load`].
    pub fn resolve(args: &ServeArgs) -> Result<Resolved, SettingsError> {
        let (sources, faults) = Sources::gather(args, env::vars_os());
        Self::of(&sources, faults)
    }

    /// The settings from the text of a configuration file alone, without flags and environment.
    ///
    /// # Errors
    /// Those of [`Settings::load`].
    pub fn from_toml(file: &Path, text: &str) -> Result<Resolved, SettingsError> {
        let (sources, faults) = Sources::of_file(file, text);
        Self::of(&sources, faults)
    }

    fn of(sources: &Sources, faults: Vec<Fault>) -> Result<Resolved, SettingsError> {
        let mut reader = Reader::new(sources, faults);
        let settings = reader.settings();
        reader.end(settings)
    }
}

#[cfg(test)]
mod tests;
