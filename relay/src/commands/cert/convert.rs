//! `cert convert`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mango_certificates::{Identity, Source, Warning, public_roots};
use time::OffsetDateTime;

use crate::cli::ConvertArgs;
use crate::output::replace::{Readers, create, replace};
use crate::output::terminal::{counted, print};

/// Writes what a PKCS#12 file holds as cert.pem and key.pem.
pub(super) fn run(args: &ConvertArgs) -> anyhow::Result<()> {
    let certificate = args.out.join("cert.pem");
    let key = args.out.join("key.pem");
    // Checked before the password prompt.
    if let Some(there) = [&certificate, &key].into_iter().find(|path| !args.force && path.symlink_metadata().is_ok()) {
        return Err(ConvertError::Exists(there.clone()).into());
    }
    let (_, identity) = Source::pfx(&args.pfx, args.pfx_password_file.as_deref())?;
    fs::create_dir_all(&args.out).map_err(|error| ConvertError::Write { path: args.out.clone(), error })?;
    write(&key, &identity.key_pem(), Readers::Owner, args.force)?;
    write(&certificate, &identity.chain_pem(), Readers::AsUsual, args.force)?;
    let count = counted(identity.chain().len(), "certificate");
    let mut lines = vec![
        format!("{}: {count}, the server's own first", certificate.display()),
        format!("{}: its private key, not encrypted; keep it to yourself", key.display()),
    ];
    let warned = warnings(&identity, OffsetDateTime::now_utc());
    lines.extend(warned.map(|warning| format!("warning: {}: {warning}", certificate.display())));
    print(&lines)
}

/// The warnings that a relay with this certificate would log.
fn warnings(identity: &Identity, now: OffsetDateTime) -> impl Iterator<Item = Warning> {
    let dates = Warning::of_dates(&identity.details().validity(now));
    let others = Warning::of_chain(identity.chain(), &public_roots(), now);
    dates.into_iter().chain(others)
}

fn write(path: &Path, text: &str, readers: Readers, force: bool) -> Result<(), ConvertError> {
    let written = if force { replace(path, text.as_bytes(), readers) } else { create(path, text.as_bytes(), readers) };
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ConvertError::Exists(path.to_owned()),
        _ => ConvertError::Write { path: path.to_owned(), error },
    })
}

/// A certificate that was not converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// A file would be overwritten.
    #[error("{0} is there already; write elsewhere with --out DIR, or over it with --force")]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("cannot write {path}: {error}; choose a folder that you may write to with --out DIR")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}
