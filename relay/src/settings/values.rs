//! The settings of `serve` after validation.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use mango_inference::{PhotoLimits, Predictor};

use super::definitions::{AllowedOrigin, LogFormat, LogLevel, TlsVersions};
use crate::model::ModelArgs;
use crate::photo;

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
    pub request_size: usize,
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

impl Limits {
    /// The limits of one photo for that predictor.
    #[must_use]
    pub fn of_photo(self, predictor: &Predictor) -> PhotoLimits {
        PhotoLimits { max_pixels: self.pixels, ..photo::limits(predictor) }
    }
}
