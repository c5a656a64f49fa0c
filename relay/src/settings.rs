//! The validated settings of `serve`.
//!
//! Each setting is defined once, in `definitions`; its flag, environment variable and configuration key follow from the
//! definition. Flags override the environment, the environment overrides the file, and the file overrides the defaults.

mod check;
mod definitions;
mod environment;
mod fault;
mod file;
mod near;
mod origin;
mod password;
mod reader;
mod report;
mod scaled;
mod setting;
mod sources;
mod value_types;

pub use fault::{Fault, SettingsError};
pub use origin::AllowedOrigin;
pub use report::Row;
pub use sources::Origin;
pub use value_types::{LogFormat, LogLevel};

pub(crate) use definitions::{CONFIG, GROUPS};
pub(crate) use setting::{Arity, Definition};

use std::env;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use mango_inference::{PhotoLimits, Predictor};

use crate::cli::{ModelArgs, ServeArgs};
use crate::model;
use crate::tls::TlsVersions;
use reader::Reader;
use sources::Sources;

/// The settings of `serve`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of HTTPS.
    pub listen: SocketAddr,
    /// The source of the certificate.
    pub certificate: CertificateFiles,
    /// Supported TLS versions.
    pub tls: TlsVersions,
    /// The model.
    pub model: ModelArgs,
    /// Gallery files.
    pub galleries: Vec<PathBuf>,
    /// Folder of the model for phones; the built-in one if none.
    pub device_model: Option<PathBuf>,
    /// Limits of uploads.
    pub limits: Limits,
    /// Timeouts.
    pub times: Times,
    /// Photos that growers send for the next model; none if they are not kept.
    pub feedback: Option<FeedbackSettings>,
    /// Rate limit, proxies and origins.
    pub clients: Clients,
    /// The log.
    pub log: LogSettings,
    /// The metrics endpoint, if it is on.
    pub metrics: Option<MetricsListen>,
}

/// The source of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateFiles {
    /// No file: the relay makes a development certificate.
    Development,
    /// Chain and key in PEM.
    Pem {
        /// The chain.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
    /// Both in one PKCS#12 file.
    Pfx {
        /// The file.
        path: PathBuf,
        /// The file with its password, if one is given.
        password_file: Option<PathBuf>,
    },
}

/// Limits of uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Photos processed at once.
    pub workers: usize,
    /// Slots for photos that are processed or wait for a worker.
    pub queue: usize,
    /// Connections at once.
    pub connections: usize,
    /// Memory for all uploads together, bytes.
    pub upload_memory: usize,
    /// Largest photo, bytes.
    pub photo: usize,
    /// Largest body with several photos, including its framing, bytes.
    pub body_of_several: usize,
    /// Photos in one request.
    pub photos: usize,
    /// Most pixels of a photo, width times height.
    pub pixels: u64,
}

/// Timeouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Of the TLS handshake.
    pub handshake: Duration,
    /// From a request's first byte to the end of its header.
    pub header: Duration,
    /// Without a byte, while a body arrives or a response is sent.
    pub stall: Duration,
    /// Least average bytes a second of a body, once [`Times::stall`] has passed; 0 for no minimum.
    pub least_rate: usize,
    /// From a request's header to its answer.
    pub request: Duration,
    /// From the end of a request's body to its answer, waiting for a worker included.
    pub inference: Duration,
    /// Of a connection without a request.
    pub idle: Duration,
    /// For open requests to end during a shutdown.
    pub stop: Duration,
    /// From the shutdown signal, at which the relay becomes not ready, to closing the listener.
    pub drain_delay: Duration,
}

/// What is kept of the photos that growers send for the next model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackSettings {
    /// The folder.
    pub folder: PathBuf,
    /// Days after which a record is deleted.
    pub days: u16,
    /// Bytes of all records.
    pub max_bytes: u64,
    /// Number of all records.
    pub max_files: usize,
    /// Photos of one client in a day; none are taken if it is 0.
    pub per_day: u16,
}

/// Rate limit, proxies and origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clients {
    /// Requests a minute of one client; none for no limit.
    pub rate_limit: Option<NonZeroU32>,
    /// Proxies whose forwarding headers are trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins whose scripts may call the relay (CORS).
    pub allowed_origins: Vec<AllowedOrigin>,
}

/// The log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// The format.
    pub format: LogFormat,
    /// The least important level that is logged.
    pub level: LogLevel,
}

/// The metrics endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricsListen {
    /// The address.
    pub address: SocketAddr,
    /// Whether the user chose the address. The relay also runs if another program has the default address.
    pub chosen: bool,
}

/// Settings with their sources.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// One row for each setting.
    pub rows: Vec<Row>,
}

impl Limits {
    /// The limits of one photo for that predictor.
    #[must_use]
    pub fn of_photo(self, predictor: &Predictor) -> PhotoLimits {
        PhotoLimits { max_pixels: self.pixels, ..model::limits(predictor) }
    }
}

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

impl Resolved {
    /// A table with a header: each setting, its value and its source. It contains no password.
    #[must_use]
    pub fn cells(&self) -> Vec<[String; 3]> {
        report::cells(&self.rows, &self.settings.certificate)
    }

    /// A configuration file with the same settings.
    #[must_use]
    pub fn to_toml(&self) -> String {
        report::toml(&self.rows).join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests;
