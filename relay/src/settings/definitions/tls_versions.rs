//! TLS versions.

use clap::ValueEnum;
use rustls::SupportedProtocolVersion;
use rustls::version::TLS12;

/// Supported TLS versions. TLS 1.3 alone is not an option: WeChat's older clients cannot connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TlsVersions {
    /// TLS 1.2 only, as the tutorial's server did
    #[value(name = "1.2")]
    Only12,
    /// TLS 1.2 and 1.3
    #[default]
    #[value(name = "1.2+1.3")]
    Both,
}

impl TlsVersions {
    pub(crate) fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        static ONLY_12: [&SupportedProtocolVersion; 1] = [&TLS12];
        match self {
            Self::Only12 => &ONLY_12,
            Self::Both => rustls::ALL_VERSIONS,
        }
    }
}
