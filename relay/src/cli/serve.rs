//! Flags of `serve`.

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::Args;

use super::ModelArgs;
use crate::tls::TlsVersions;

/// Flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "0.0.0.0:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Certificate chain in PEM; a development certificate is made where none is given. Certificate files are read
    /// again when they change
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,

    /// The certificate's private key in PEM, not encrypted
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Certificate chain and key in one PKCS#12 file (.pfx, .p12). Its password is taken from --pfx-password-file, else
    /// from the environment variable MANGO_RELAY_PFX_PASSWORD, else asked for at the terminal
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cert", "key"])]
    pub pfx: Option<PathBuf>,

    /// File whose first line is the password of the PKCS#12 file
    #[arg(long, value_name = "FILE", requires = "pfx")]
    pub pfx_password_file: Option<PathBuf>,

    /// Versions of TLS that are spoken
    #[arg(long, value_enum, value_name = "VERSIONS", default_value_t)]
    pub tls: TlsVersions,

    /// Gallery with further photos of classes, made by `mango-relay gallery`; may be given several times, and is read
    /// again when it changes
    #[arg(long = "gallery", value_name = "FILE")]
    pub galleries: Vec<PathBuf>,

    /// Which model answers.
    #[command(flatten)]
    pub model: ModelArgs,

    /// Folder of the model that phones are given instead of the built-in one: manifest.json, its weights and, if there
    /// is one, pests.gallery
    #[arg(long, value_name = "FOLDER")]
    pub device_model: Option<PathBuf>,

    /// Requests answered at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = places)]
    pub workers: Option<NonZeroU16>,

    /// Requests that may wait for a worker; further ones are answered 503 at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub queue: u16,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "give an IP address and a port, such as 127.0.0.1:8080".to_owned())
}

fn places(text: &str) -> Result<NonZeroU16, String> {
    text.parse().map_err(|_| format!("give a number from 1 to {}", u16::MAX))
}
