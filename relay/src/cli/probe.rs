//! Flags of `probe`.

use std::net::SocketAddr;

use clap::Args;

use super::url::Url;

const EXAMPLES: &str = "\
Examples:
  Check the relay on this machine:
    mango-relay probe
  Whether one takes photos:
    mango-relay probe https://relay.example:8443/readyz";

/// Flags of `probe`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ProbeArgs {
    /// URL to request over HTTPS; the certificate is not verified. Default: /livez of the relay on this machine
    #[arg(value_name = "URL")]
    pub url: Option<Url>,

    /// The listen address of the relay on this machine
    #[arg(long, value_name = "ADDR:PORT", env = "MANGO_RELAY_LISTEN", default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
}
