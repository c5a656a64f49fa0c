//! Flags of `config`.

use clap::{Args, Subcommand};

use crate::settings::ServeArgs;

const EXAMPLES: &str = "\
Examples:
  Show the settings of a relay, and every error in them:
    mango-relay config check --config relay.toml
  Begin a configuration file:
    mango-relay config check --toml --listen 0.0.0.0:443 > relay.toml";

/// Flags of `config`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// The subcommands of `config`.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show every setting of `serve`, its value and its source; exit code 1 and a list of all errors if a setting is
    /// wrong
    Check(CheckConfigArgs),
}

/// Flags of `config check`.
#[derive(Args, Clone, Debug)]
pub struct CheckConfigArgs {
    /// Print a configuration file with the same settings
    #[arg(long)]
    pub toml: bool,

    /// The flags of `serve`.
    #[command(flatten)]
    pub serve: ServeArgs,
}
