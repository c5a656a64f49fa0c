//! Definitions of all settings.

mod allowed_origin;
mod scaled;
mod setting;
mod tls_versions;
mod value_types;

pub use allowed_origin::AllowedOrigin;
pub(super) use setting::{Arity, Definition, PREFIX, Setting, variable};
pub use tls_versions::TlsVersions;
pub use value_types::{LogFormat, LogLevel};

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU16, NonZeroU32};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use mango_inference::MAX_PHOTOS;

use value_types as types;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const MIB: usize = 1 << 20;

/// The only setting that is not in the configuration file.
pub(crate) static CONFIG: Setting<Option<PathBuf>> = Setting::or(
    "config",
    &types::FILE,
    None,
    "none",
    "Configuration file in TOML: the long names of these flags as keys. Flags override environment variables \
     MANGO_RELAY_NAME, which override the file; paths in the file are relative to its folder",
);

pub(super) static LISTEN: Setting<SocketAddr> = Setting::new(
    "listen",
    &types::ADDRESS,
    SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8080),
    "Address and port to listen on; port 0 takes a free one",
);

pub(super) static CERT: Setting<Option<PathBuf>> = Setting::or(
    "cert",
    &types::FILE,
    None,
    "a development certificate is made",
    "Certificate chain in PEM. Certificate files are reloaded when they change",
);

pub(super) static KEY: Setting<Option<PathBuf>> =
    Setting::new("key", &types::FILE, None, "The certificate's private key in PEM, not encrypted");

pub(super) static PFX: Setting<Option<PathBuf>> = Setting::new(
    "pfx",
    &types::FILE,
    None,
    "Certificate chain and key in one PKCS#12 file (.pfx, .p12). The password comes from --pfx-password-file, else \
     from the environment variable MANGO_RELAY_PFX_PASSWORD, else from a prompt at the terminal",
);

pub(super) static PFX_PASSWORD_FILE: Setting<Option<PathBuf>> =
    Setting::new("pfx-password-file", &types::FILE, None, "File whose first line is the password of the PKCS#12 file");

pub(super) static TLS: Setting<TlsVersions> =
    Setting::new("tls", &types::TLS, TlsVersions::Both, "TLS versions: 1.2 (as in the tutorial) or 1.2+1.3");

pub(super) static MODEL: Setting<Option<PathBuf>> =
    Setting::or("model", &types::FOLDER, None, "the built-in model", "Folder of the model");

pub(super) static NO_PESTS: Setting<bool> =
    Setting::new("no-pests", &types::SWITCH, false, "Leave out the built-in few-photo pest classes");

pub(super) static GALLERY: Setting<Vec<PathBuf>> = Setting::or(
    "gallery",
    &types::FILES,
    Vec::new(),
    "none",
    "Gallery with more photos of classes, made by `mango-relay gallery`; may be given several times, and is reloaded \
     when it changes",
);

pub(super) static DEVICE_MODEL: Setting<Option<PathBuf>> = Setting::or(
    "device-model",
    &types::FOLDER,
    None,
    "the built-in model",
    "Folder of the model that phones download: manifest.json, its weights and, optionally, pests.gallery",
);

pub(super) static WORKERS: Setting<Option<NonZeroU16>> =
    Setting::or("workers", &types::COUNT_OR_AUTO, None, "auto, one for each core", "Photos processed at once");

pub(super) static QUEUE: Setting<u16> = Setting::new(
    "queue",
    &types::COUNT,
    64,
    "Slots for photos, those in processing included; further photos are answered 503 at once",
);

pub(super) static CONNECTIONS: Setting<u32> =
    Setting::new("connections", &types::LARGE_COUNT, 2048, "Connections at once; further ones are closed at once");

pub(super) static UPLOAD_MEMORY: Setting<Option<usize>> = Setting::or(
    "upload-memory",
    &types::BYTES_OR_AUTO,
    None,
    "auto, a photo of the largest size for each slot in the queue",
    "Memory for all uploads together; further ones are answered 503",
);

pub(super) static MAX_PHOTO: Setting<usize> = Setting::new(
    "max-photo",
    &types::BYTES,
    8 * MIB,
    "Size of a photo, and of the body of POST /upload_image; larger ones are answered 413",
);

pub(super) static MAX_REQUEST_SIZE: Setting<usize> = Setting::new(
    "max-request-size",
    &types::BYTES,
    24 * MIB,
    "Size of a request with several photos; larger ones are answered 413",
)
.formerly("max-body-of-several");

pub(super) static MAX_PHOTOS_OF_ONE: Setting<usize> =
    Setting::new("max-photos", &types::PHOTOS, MAX_PHOTOS, "Photos in one request; more are answered 400");

pub(super) static MAX_PIXELS: Setting<u64> = Setting::new(
    "max-pixels",
    &types::PIXELS,
    50_000_000,
    "Width times height of a photo, such as 50MP, up to 200MP; larger ones are answered 422 before they are decoded",
);

pub(super) static HANDSHAKE_TIMEOUT: Setting<Duration> =
    Setting::new("handshake-timeout", &types::TIME, seconds(10), "Time for the TLS handshake");

pub(super) static HEADER_TIMEOUT: Setting<Duration> = Setting::new(
    "header-timeout",
    &types::TIME,
    seconds(10),
    "Time from a request's first byte to the end of its header",
);

pub(super) static STALL_TIMEOUT: Setting<Duration> = Setting::new(
    "stall-timeout",
    &types::TIME,
    seconds(15),
    "Time without a byte after which a body that does not arrive, or an answer that is not read, is given up",
);

pub(super) static LEAST_RATE: Setting<usize> = Setting::new(
    "least-rate",
    &types::BYTES_A_SECOND,
    2000,
    "Least average bytes a second of a body, once it has been on its way for the stall timeout; 0 for no minimum",
);

pub(super) static REQUEST_TIMEOUT: Setting<Duration> =
    Setting::new("request-timeout", &types::TIME, seconds(60), "Time from a request's header to its answer");

pub(super) static INFERENCE_TIMEOUT: Setting<Duration> = Setting::new(
    "inference-timeout",
    &types::TIME,
    seconds(10),
    "Time from the end of a request's body to its answer, waiting for a worker included",
);

pub(super) static IDLE_TIMEOUT: Setting<Duration> = Setting::new(
    "idle-timeout",
    &types::TIME,
    seconds(15),
    "Time after which a connection without a request is closed",
);

pub(super) static STOP_TIMEOUT: Setting<Duration> =
    Setting::new("stop-timeout", &types::TIME, seconds(20), "Time for open requests to end during a shutdown");

pub(super) static DRAIN_DELAY: Setting<Duration> = Setting::new(
    "drain-delay",
    &types::TIME_OR_NONE,
    Duration::ZERO,
    "Time from the shutdown signal, when the relay becomes not ready, to closing the listening socket",
);

pub(super) static RATE_LIMIT: Setting<Option<NonZeroU32>> = Setting::new(
    "rate-limit",
    &types::RATE_OR_OFF,
    None,
    "Requests a minute of one client; further ones are answered 429",
);

pub(super) static TRUSTED_PROXY: Setting<Vec<IpNet>> = Setting::or(
    "trusted-proxy",
    &types::NETWORKS,
    Vec::new(),
    "none",
    "Proxies whose forwarding headers are trusted; may be given several times",
);

pub(super) static ALLOW_ORIGIN: Setting<Vec<AllowedOrigin>> = Setting::or(
    "allow-origin",
    &types::ORIGINS,
    Vec::new(),
    "none",
    "Origins whose pages may call this relay (CORS), such as https://h5.example, or *; may be given several times",
);

pub(super) static LOG_FORMAT: Setting<LogFormat> =
    Setting::new("log-format", &types::LOG_FORMAT, LogFormat::Text, "Format of the log on standard error");

pub(super) static LOG_LEVEL: Setting<LogLevel> = Setting::new(
    "log-level",
    &types::LOG_LEVEL,
    LogLevel::Info,
    "Least important level in the log: off, error, warn, info, debug or trace",
);

pub(super) static METRICS_LISTEN: Setting<Option<SocketAddr>> = Setting::new(
    "metrics-listen",
    &types::ADDRESS_OR_OFF,
    Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9090)),
    "Address and port that answer GET /metrics over plain HTTP, for Prometheus. If the default address is taken, \
     the relay runs without metrics",
);

pub(super) static FEEDBACK: Setting<Option<PathBuf>> = Setting::or(
    "feedback",
    &types::FOLDER,
    None,
    "off, nothing is kept",
    "Folder for photos that growers send with the class that they know them to be, for the training of the next model; \
     see `mango-relay feedback`",
);

pub(super) static FEEDBACK_DAYS: Setting<u16> =
    Setting::new("feedback-days", &types::COUNT, 365, "Days after which feedback is deleted");

pub(super) static FEEDBACK_BYTES: Setting<usize> =
    Setting::new("feedback-bytes", &types::BYTES, 2048 * MIB, "Size of all feedback; further photos are answered 507");

pub(super) static FEEDBACK_FILES: Setting<u32> = Setting::new(
    "feedback-files",
    &types::LARGE_COUNT,
    20_000,
    "Photos in the feedback; further ones are answered 507",
);

pub(super) static FEEDBACK_PER_DAY: Setting<u16> = Setting::new(
    "feedback-per-day",
    &types::COUNT_OR_NONE,
    50,
    "Photos of feedback of one client in a day; further ones are answered 429. With 0 no photo is taken, and growers \
     can still delete theirs",
);

/// The settings of the configuration file, in groups with headings.
pub(crate) static GROUPS: [(&str, &[&dyn Definition]); 7] = [
    ("Address and certificate", &[&LISTEN, &CERT, &KEY, &PFX, &PFX_PASSWORD_FILE, &TLS]),
    ("Models", &[&MODEL, &NO_PESTS, &GALLERY, &DEVICE_MODEL]),
    (
        "Limits",
        &[
            &WORKERS,
            &QUEUE,
            &CONNECTIONS,
            &UPLOAD_MEMORY,
            &MAX_PHOTO,
            &MAX_REQUEST_SIZE,
            &MAX_PHOTOS_OF_ONE,
            &MAX_PIXELS,
        ],
    ),
    (
        "Times",
        &[
            &HANDSHAKE_TIMEOUT,
            &HEADER_TIMEOUT,
            &STALL_TIMEOUT,
            &LEAST_RATE,
            &REQUEST_TIMEOUT,
            &INFERENCE_TIMEOUT,
            &IDLE_TIMEOUT,
            &STOP_TIMEOUT,
            &DRAIN_DELAY,
        ],
    ),
    ("Feedback", &[&FEEDBACK, &FEEDBACK_DAYS, &FEEDBACK_BYTES, &FEEDBACK_FILES, &FEEDBACK_PER_DAY]),
    ("Clients", &[&RATE_LIMIT, &TRUSTED_PROXY, &ALLOW_ORIGIN]),
    ("Log and metrics", &[&LOG_FORMAT, &LOG_LEVEL, &METRICS_LISTEN]),
];

/// The settings of the configuration file.
pub(super) fn all() -> impl Iterator<Item = &'static dyn Definition> {
    GROUPS.iter().flat_map(|(_, group)| group.iter().copied())
}

/// All settings.
pub(super) fn with_config() -> impl Iterator<Item = &'static dyn Definition> {
    std::iter::once(&CONFIG as &dyn Definition).chain(all())
}

/// The setting of that name.
pub(super) fn named(name: &str) -> Option<&'static dyn Definition> {
    all().find(|setting| setting.name() == name)
}
