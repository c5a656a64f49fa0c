//! The validated settings of `serve`.
//!
//! Each setting is defined once, in `definitions`; its flag, environment variable and configuration key follow from the
//! definition. Flags override the environment, the environment overrides the file, and the file overrides the defaults.

mod check;
mod definitions;
mod environment;
mod fault;
mod file;
mod flags;
mod given;
mod near;
mod origin;
mod password;
mod reader;
mod report;
mod resolved;
mod scaled;
mod setting;
mod sources;
mod tls_versions;
mod value_types;
mod values;

pub use fault::{Fault, SettingsError};
pub use flags::ServeArgs;
pub use given::Origin;
pub use origin::AllowedOrigin;
pub use report::Row;
pub use resolved::Resolved;
pub use tls_versions::TlsVersions;
pub use value_types::{LogFormat, LogLevel};
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
