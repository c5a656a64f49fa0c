//! Flags of `cert`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cert::Target;

const EXAMPLES: &str = "\
Examples:
  See what a phone would make of a server:
    mango-relay cert check relay.example:8080
  The same before its name leads to it:
    mango-relay cert check relay.example:8080 --address 203.0.113.7
  Turn a .pfx file into cert.pem and key.pem:
    mango-relay cert convert site.pfx --pfx-password-file keystorePass.txt
  See what is in a file:
    mango-relay cert show cert.pem";

/// Flags of `cert`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CertArgs {
    /// What is to be done.
    #[command(subcommand)]
    pub command: CertCommand,
}

/// What can be done with certificates.
#[derive(Clone, Debug, Subcommand)]
pub enum CertCommand {
    /// Connect to a server as a phone does, and say what is wrong; exit code 1 if a phone would fail
    Check(CheckArgs),
    /// Turn a PKCS#12 file (.pfx, .p12) into cert.pem and key.pem
    Convert(ConvertArgs),
    /// Show the certificates in a file, PEM or PKCS#12
    Show(ShowArgs),
}

/// Flags of `cert check`.
#[derive(Args, Clone, Debug)]
pub struct CheckArgs {
    /// The server; port 443 if none is given
    #[arg(value_name = "HOST[:PORT]")]
    pub target: Target,

    /// Certificates in PEM to trust in place of the public roots
    #[arg(long, value_name = "FILE")]
    pub root: Option<PathBuf>,

    /// Connect there, and do not ask where the host is; may be given several times, as a host has several addresses
    #[arg(long = "address", value_name = "IP")]
    pub addresses: Vec<IpAddr>,
}

/// Flags of `cert convert`.
#[derive(Args, Clone, Debug)]
pub struct ConvertArgs {
    /// The PKCS#12 file. Its password is taken from --pfx-password-file, else from the environment variable
    /// MANGO_RELAY_PFX_PASSWORD, else asked for at the terminal
    #[arg(value_name = "FILE")]
    pub pfx: PathBuf,

    /// File whose first line is the password of the PKCS#12 file
    #[arg(long, value_name = "FILE")]
    pub pfx_password_file: Option<PathBuf>,

    /// Folder to write cert.pem and key.pem into; made if there is none
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,

    /// Write over files that are there
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
