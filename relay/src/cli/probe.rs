//! Flags of `probe`.

use std::net::SocketAddr;

use clap::Args;

use crate::probe::Url;

const EXAMPLES: &str = "\
Examples:
  Whether the relay of this machine lives:
    mango-relay probe
  Whether one takes photos:
    mango-relay probe https://relay.example:8443/readyz";

/// Flags of `probe`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ProbeArgs {
    /// What to ask for, over HTTPS with whatever certificate the relay has. Without it: /livez of the relay of this
    /// machine
    #[arg(value_name = "URL")]
    pub url: Option<Url>,

    /// Where the relay of this machine was told to listen
    #[arg(long, value_name = "ADDR:PORT", env = "MANGO_RELAY_LISTEN", default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
}
