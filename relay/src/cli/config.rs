//! Flags of `config`.

use clap::{Args, Subcommand};

use super::ServeArgs;

const EXAMPLES: &str = "\
Examples:
  See what a relay would run on, and what is wrong with it:
    mango-relay config check --config relay.toml
  Begin a configuration file:
    mango-relay config check --toml --listen 0.0.0.0:443 > relay.toml";

/// Flags of `config`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    /// What is to be done.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What can be done with settings.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting of `serve`, its value and where it came from; exit code 1 and every fault if something is wrong
    Check(CheckConfigArgs),
}

/// Flags of `config check`.
#[derive(Args, Clone, Debug)]
pub struct CheckConfigArgs {
    /// Print a configuration file that makes the same settings
    #[arg(long)]
    pub toml: bool,

    /// The flags of `serve`.
    #[command(flatten)]
    pub serve: ServeArgs,
}
