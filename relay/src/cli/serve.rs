//! Flags of `serve`.

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::Args;

use super::ModelArgs;

/// Flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "0.0.0.0:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Certificate chain in PEM, the server's own first; a development certificate is made where none is given
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,

    /// The certificate's private key in PEM, not encrypted
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

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
