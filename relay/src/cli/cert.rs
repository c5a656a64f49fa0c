//! Flags of `cert`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use mango_certificates::check::Target;

const EXAMPLES: &str = "\
Examples:
  Check whether a phone accepts a server's certificate:
    mango-relay cert check relay.example:8080
  The same before DNS has the server's name:
    mango-relay cert check relay.example:8080 --address 203.0.113.7
  Turn a .pfx file into cert.pem and key.pem:
    mango-relay cert convert site.pfx --pfx-password-file keystorePass.txt
  Show the certificates in a file:
    mango-relay cert show cert.pem";

/// Flags of `cert`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CertArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: CertCommand,
}

/// The subcommands of `cert`.
#[derive(Clone, Debug, Subcommand)]
pub enum CertCommand {
    /// Connect to a server as a phone does and report errors; exit code 1 if a phone would fail
    Check(CheckArgs),
    /// Turn a PKCS#12 file (.pfx, .p12) into cert.pem and key.pem
    Convert(ConvertArgs),
    /// Show the certificates in a file, PEM or PKCS#12
    Show(ShowArgs),
}

/// Flags of `cert check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// The server; the default port is 443
    #[arg(value_name = "HOST[:PORT]")]
    pub target: Target,

    /// Certificates in PEM to trust in place of the public roots
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,

    /// Connect to this address instead of looking the host up in DNS; may be given several times
    #[arg(long = "address", value_name = "IP")]
    pub addresses: Vec<IpAddr>,
}

/// Flags of `cert convert`.
#[derive(Args, Clone, Debug)]
pub struct ConvertArgs {
    /// The PKCS#12 file. The password comes from --pfx-password-file, else from the environment variable
    /// MANGO_RELAY_PFX_PASSWORD, else from a prompt at the terminal
    #[arg(value_name = "FILE")]
    pub pfx: PathBuf,

    /// File whose first line is the password of the PKCS#12 file
    #[arg(long, value_name = "FILE")]
    pub pfx_password_file: Option<PathBuf>,

    /// Folder for cert.pem and key.pem; created if it does not exist
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,

    /// Overwrite existing files
    #[arg(long)]
    pub force: bool,
}

/// Flags of `cert show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// PEM or PKCS#12 file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Certificates in PEM to trust in place of the public roots
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,

    /// File whose first line is the password of the PKCS#12 file
    #[arg(long, value_name = "FILE")]
    pub pfx_password_file: Option<PathBuf>,
}
