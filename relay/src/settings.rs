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
    /// Where the certificate comes from.
    pub certificate: CertificateFiles,
    /// Supported TLS versions.
    pub tls: TlsVersions,
    /// The model.
    pub model: ModelArgs,
    /// Gallery files.
    pub galleries: Vec<PathBuf>,
    /// Folder of the model for phones; the built-in one if none.
    pub device_model: Option<PathBuf>,
    /// What uploads may cost.
    pub limits: Limits,
    /// How long things may take.
    pub times: Times,
    /// Who asks, and how often.
    pub clients: Clients,
    /// The log.
    pub log: LogSettings,
    /// Where metrics are told over plain HTTP, if anywhere.
    pub metrics: Option<MetricsListen>,
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateFiles {
    /// None is given: one for development is made.
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
        /// The file with its password, if that is not told otherwise.
        password_file: Option<PathBuf>,
    },
}

/// What uploads may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Photos worked on at once.
    pub workers: usize,
    /// Places for photos that are worked on or wait for a worker.
    pub queue: usize,
    /// Connections at once.
    pub connections: usize,
    /// Bytes of memory that all uploads may take together.
    pub upload_memory: usize,
    /// Bytes of a photo.
    pub photo: usize,
    /// Bytes of a body with several photos, its framing included.
    pub body_of_several: usize,
    /// Photos in one request.
    pub photos: usize,
    /// Width times height of a photo.
    pub pixels: u64,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The TLS handshake.
    pub handshake: Duration,
    /// From a request's first byte to the end of its header.
    pub header: Duration,
    /// Without a byte, while a body is on its way or an answer is being taken.
    pub stall: Duration,
    /// Bytes a second that a body must make on average, once it has been on its way for [`Times::stall`]; 0 asks none.
    pub least_rate: usize,
    /// From a request's header to its answer.
    pub request: Duration,
    /// From the end of a request's body to its answer, waiting for a worker included.
    pub inference: Duration,
    /// Of a connection without a request.
    pub idle: Duration,
    /// That open requests get to end when the relay is told to stop.
    pub stop: Duration,
    /// From being told to stop, and saying that it is not ready, to taking no more connections.
    pub drain_delay: Duration,
}

/// Who asks, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clients {
    /// Requests a minute of one client; none for as many as they like.
    pub rate_limit: Option<NonZeroU32>,
    /// Who may say on whose behalf it asks.
    pub trusted_proxies: Vec<IpNet>,
    /// Whose pages' scripts may ask and read the answers; nobody's where there is none.
    pub allowed_origins: Vec<AllowedOrigin>,
}

/// The log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// Its form.
    pub format: LogFormat,
    /// The least important lines in it.
    pub level: LogLevel,
}

/// Where metrics are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricsListen {
    /// The address.
    pub address: SocketAddr,
    /// Whether somebody chose it. The default may be taken by another program, which is no reason not to serve.
    pub chosen: bool,
}

/// Settings, and where each of them came from.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// One a setting.
    pub rows: Vec<Row>,
}

impl Limits {
    /// What one photo for that predictor may cost.
    #[must_use]
    pub fn of_photo(self, predictor: &Predictor) -> PhotoLimits {
        PhotoLimits { max_pixels: self.pixels, ..model::limits(predictor) }
    }
}

impl Settings {
    /// The settings that these flags, the environment and the configuration file make.
    ///
    /// # Errors
    /// [`SettingsError`] lists everything that is wrong.
    pub fn load(args: &ServeArgs) -> Result<Self, SettingsError> {
        Self::resolve(args).map(|resolved| resolved.settings)
    }

    /// As [`Settings::load`], with where each came from.
    ///
    /// # Errors
    /// Those of [`Settings::load`].
    pub fn resolve(args: &ServeArgs) -> Result<Resolved, SettingsError> {
        let (sources, faults) = Sources::gather(args, env::vars_os());
        Self::of(&sources, faults)
    }

    /// What the text of that configuration file makes by itself, without flags and environment.
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
    /// A table for people: each setting, its value and where that came from, under a head. No password is in it.
    #[must_use]
    pub fn cells(&self) -> Vec<[String; 3]> {
        report::cells(&self.rows, &self.settings.certificate)
    }

    /// A configuration file that makes the same settings.
    #[must_use]
    pub fn to_toml(&self) -> String {
        report::toml(&self.rows).join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests;
