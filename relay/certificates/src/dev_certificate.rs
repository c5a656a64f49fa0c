//! The development certificate, which the relay makes if none is given.
//!
//! It is kept between starts, so that clients that trust it continue to do so.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::pki_types::DnsName;
use time::{Duration, OffsetDateTime};

use crate::fault::{TlsError, TlsFault};
use crate::files::Source;
use crate::identity::Identity;

const CERTIFICATE: &str = "cert.pem";
const KEY: &str = "key.pem";
const LOCK: &str = "lock";

/// Lifetime of a new certificate. Phones refuse private ones with more than 825 days.
const LIFETIME: Duration = Duration::days(365);
/// A certificate is replaced this long before it expires.
const RENEWAL: Duration = Duration::days(7);
/// Allowed lag of clients' clocks.
const LATE_CLOCK: Duration = Duration::days(1);

/// A self-signed certificate for this machine's own names.
#[derive(Debug)]
pub struct DevCertificate {
    /// The certificate and its key.
    pub identity: Identity,
    /// Its file, in PEM.
    pub path: PathBuf,
    /// The host names and addresses.
    pub names: Vec<String>,
    /// Whether it is new.
    pub fresh: bool,
}

impl DevCertificate {
    /// The certificate in the user's cache folder. A new one is made if there is no usable one.
    ///
    /// # Errors
    /// [`DevCertificateError`] names the folder and has a hint.
    pub fn of_this_host() -> Result<Self, DevCertificateError> {
        let cache = dirs::cache_dir().ok_or(DevCertificateError::NoCacheFolder)?;
        let names = names(&gethostname::gethostname().to_string_lossy());
        Self::keep(&cache.join("mango-relay").join("dev-certificate"), names, OffsetDateTime::now_utc())
    }

    /// The certificate in `folder` if it is valid for exactly these names at that time, else a new one.
    fn keep(folder: &Path, names: Vec<String>, now: OffsetDateTime) -> Result<Self, DevCertificateError> {
        make_private_folder(folder)
            .map_err(|error| DevCertificateError::Folder { folder: folder.to_owned(), error })?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            |error| DevCertificateError::File { path, error }
        };
        let lock = folder.join(LOCK);
        // Held until this function returns: if two relays start at once, the second finds the certificate of the first.
        let held = File::create(&lock).map_err(failed(&lock))?;
        match held.lock() {
            // Some network folders do not support locks; a conflict is unlikely there.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(failed(&lock)(error)),
            _ => {}
        }
        let (path, key_path) = (folder.join(CERTIFICATE), folder.join(KEY));
        if let Some(identity) = existing(folder, &names, now) {
            return Ok(Self { identity, path, names, fresh: false });
        }
        let (certificate, key) = make(&names, now)?;
        write_whole(&key_path, &key).map_err(failed(&key_path))?;
        write_whole(&path, &certificate).map_err(failed(&path))?;
        let identity = load(folder).map_err(|TlsError { path, fault }| DevCertificateError::Unread { path, fault })?;
        Ok(Self { identity, path, names, fresh: true })
    }
}

/// `localhost`, the loopback addresses, and the host's name if a certificate can contain it.
fn names(host: &str) -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    let host = host.to_ascii_lowercase();
    if host != "localhost" && DnsName::try_from(host.as_str()).is_ok() {
        names.push(host);
    }
    names.extend(["127.0.0.1".to_owned(), "::1".to_owned()]);
    names
}

/// The certificate and key in `folder`, if they are intact, have these names and remain valid for a while.
fn existing(folder: &Path, names: &[String], now: OffsetDateTime) -> Option<Identity> {
    let identity = load(folder).ok()?;
    let details = identity.details();
    let holds = details.not_before <= now && details.not_after > now + RENEWAL;
    let stated: BTreeSet<&String> = details.names.iter().collect();
    (holds && stated == names.iter().collect()).then_some(identity)
}

fn load(folder: &Path) -> Result<Identity, TlsError> {
    Source::pem(&folder.join(CERTIFICATE), &folder.join(KEY)).load()
}

/// A new certificate and its key, both in PEM.
fn make(names: &[String], now: OffsetDateTime) -> Result<(String, String), DevCertificateError> {
    let failed = |error: rcgen::Error| DevCertificateError::Make(error.to_string());
    let mut params = CertificateParams::new(names.to_vec()).map_err(failed)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Mango Scout development certificate");
    params.not_before = now - LATE_CLOCK;
    params.not_after = now + LIFETIME;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Writes a file atomically, readable by its owner only.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The development certificate cannot be used or made.
#[derive(Debug, thiserror::Error)]
pub enum DevCertificateError {
    /// One of its files cannot be written.
    #[error(
        "cannot write {path} of the development certificate: {error}; delete it to make a new one, or give a \
         certificate of your own with --pfx, or with --cert and --key"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Its folder cannot be created.
    #[error(
        "cannot keep a development certificate in {folder}: {error}; make the folder writable, or give a certificate of \
         your own with --pfx, or with --cert and --key"
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It cannot be made.
    #[error(
        "cannot make a development certificate: {0}; give a certificate of your own with --pfx, or with --cert and --key"
    )]
    Make(String),
    /// The user has no cache folder.
    #[error(
        "there is no cache folder to keep a development certificate in; set HOME or XDG_CACHE_HOME, \
         or give a certificate of your own with --pfx, or with --cert and --key"
    )]
    NoCacheFolder,
    /// A file does not have the content that was just written.
    #[error(
        "cannot use {path} of the development certificate, perhaps half written by another program ({fault}); delete it, \
         or give a certificate of your own with --pfx, or with --cert and --key"
    )]
    Unread {
        /// The file.
        path: PathBuf,
        /// The error.
        fault: TlsFault,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
    }

    fn keep(folder: &Path, host: &str, now: OffsetDateTime) -> DevCertificate {
        DevCertificate::keep(folder, names(host), now).unwrap()
    }

    #[test]
    fn invalid_host_names_are_left_out() {
        assert_eq!(names("Farm-7"), ["localhost", "farm-7", "127.0.0.1", "::1"]);
        for host in ["", "localhost", "芒果", "a b"] {
            assert_eq!(names(host), ["localhost", "127.0.0.1", "::1"], "{host}");
        }
    }

    #[test]
    fn the_certificate_is_kept_until_its_last_week() {
        let folder = tempfile::tempdir().unwrap();
        assert!(keep(folder.path(), "farm", now()).fresh);
        let kept = fs::read(folder.path().join(CERTIFICATE)).unwrap();
        assert!(!keep(folder.path(), "farm", now() + Duration::days(357)).fresh);
        assert_eq!(fs::read(folder.path().join(CERTIFICATE)).unwrap(), kept);
        assert!(keep(folder.path(), "farm", now() + Duration::days(359)).fresh);
        assert!(keep(folder.path(), "farm", now()).fresh, "not valid yet");
    }

    #[test]
    fn another_name_or_a_broken_file_makes_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        keep(folder.path(), "farm", now());
        assert!(keep(folder.path(), "orchard", now()).fresh);
        for (file, text) in [(KEY, "not PEM"), (CERTIFICATE, ""), (KEY, &make(&names("orchard"), now()).unwrap().1)] {
            fs::write(folder.path().join(file), text).unwrap();
            assert!(keep(folder.path(), "orchard", now()).fresh, "{file}: {text}");
            assert!(!keep(folder.path(), "orchard", now()).fresh, "{file}: {text}");
        }
    }

    #[test]
    fn relays_that_start_at_once_share_one_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let fresh: Vec<bool> = thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| keep(path, "farm", now()).fresh)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert_eq!(fresh.into_iter().filter(|fresh| *fresh).count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a").join("b");
        keep(&inner, "farm", now());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&inner), 0o700);
        assert_eq!(mode(&inner.join(KEY)), 0o600);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = DevCertificate::keep(&file.join("inner"), names(""), now()).unwrap_err().to_string();
        assert!(error.contains("inner") && error.contains("--pfx") && error.contains("--cert"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_with_a_hint() {
        for name in [KEY, CERTIFICATE, LOCK] {
            let folder = tempfile::tempdir().unwrap();
            // A file cannot replace a folder.
            fs::create_dir(folder.path().join(name)).unwrap();
            let error = DevCertificate::keep(folder.path(), names(""), now()).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("delete it") && error.contains("--pfx"), "{error}");
        }
    }
}
