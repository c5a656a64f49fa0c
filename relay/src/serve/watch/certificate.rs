//! The served certificate. It is reloaded when its files change.

use std::ffi::OsStr;
use std::io;
use std::mem::{self, Discriminant};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mango_certificates::{
    CurrentIdentity, DevCertificate, ExpiryMonitor, Identity, Source, TlsFault, Warning, moment, public_roots,
};
use time::OffsetDateTime;

use super::file_fingerprint::{FileFingerprint, fingerprint};
use crate::periodic;
use crate::settings::CertificateFiles;

/// Polling interval of the files.
const PERIOD: Duration = Duration::from_secs(1);

/// The current certificate, and its files if the user gave it.
#[derive(Debug)]
pub(in crate::serve) struct Certificate {
    current: CurrentIdentity,
    end: End,
    watched: Option<Watched>,
}

/// Checks that the certificate in these files can be used now, and logs warnings about it.
///
/// # Errors
/// A certificate that cannot be used; the message names the file.
pub(in crate::serve) fn check(files: &CertificateFiles) -> anyhow::Result<()> {
    match files {
        // The development certificate is made on demand.
        CertificateFiles::Development => Ok(()),
        files => Certificate::load(files).map(|_| ()),
    }
}

/// The expiry of the current certificate, and a hint.
#[derive(Debug)]
struct End {
    monitor: ExpiryMonitor,
    path: PathBuf,
    hint: &'static str,
}

/// Watched files and their last state.
#[derive(Debug)]
struct Watched {
    source: Source,
    fingerprints: Vec<Option<FileFingerprint>>,
    /// The temporary fault of the files that was already logged.
    passing: Option<Discriminant<TlsFault>>,
}

impl Certificate {
    /// Loads the certificate in these files, or else a development certificate, and logs warnings about it.
    ///
    /// # Errors
    /// A certificate that cannot be used; the message names the file.
    pub(in crate::serve) fn load(files: &CertificateFiles) -> anyhow::Result<Self> {
        let now = OffsetDateTime::now_utc();
        let (source, fingerprints, identity) = match files {
            CertificateFiles::Pfx { path, password_file } => {
                // The fingerprint is taken before the file is read, so that a change in between is noticed at the next
                // poll.
                let before = fingerprint(path);
                let (source, identity) = Source::pfx(path, password_file.as_deref())?;
                let mut fingerprints = fingerprints(&source);
                fingerprints[0] = before;
                (source, fingerprints, identity)
            }
            CertificateFiles::Pem { certificate, key } => {
                let source = Source::pem(certificate, key);
                let fingerprints = fingerprints(&source);
                let identity = source.load()?;
                (source, fingerprints, identity)
            }
            CertificateFiles::Development => return Self::for_development(),
        };
        source.in_date(&identity, now)?;
        announce(&source, &identity, now);
        let hint = renewal(source.path(), std::env::var_os("CREDENTIALS_DIRECTORY").as_deref());
        let mut end = End { monitor: ExpiryMonitor::new(identity.details()), path: source.path().to_owned(), hint };
        end.look(now);
        let current = CurrentIdentity::new(&identity);
        Ok(Self { current, end, watched: Some(Watched { source, fingerprints, passing: None }) })
    }

    fn for_development() -> anyhow::Result<Self> {
        let DevCertificate { identity, path, names, fresh } = DevCertificate::of_this_host()?;
        tracing::warn!(
            "{} development certificate for {}: {}; clients do not trust it by themselves, give a real one with --cert \
             and --key or with --pfx",
            if fresh { "made a" } else { "using the" },
            names.join(", "),
            path.display(),
        );
        let hint = "restart the relay, which makes a new one in the last week, or give a real one";
        let end = End { monitor: ExpiryMonitor::new(identity.details()), path, hint };
        Ok(Self { current: CurrentIdentity::new(&identity), end, watched: None })
    }

    /// The certificate to present; it follows changes.
    pub(in crate::serve) fn current(&self) -> CurrentIdentity {
        self.current.clone()
    }

    /// Starts a thread that watches the files and the expiry for the lifetime of the program.
    pub(in crate::serve) fn watch(mut self) -> io::Result<()> {
        periodic::start("certificate", PERIOD, move || {
            let now = OffsetDateTime::now_utc();
            if let Some(watched) = &mut self.watched
                && let Some(identity) = watched.look(now)
            {
                self.current.replace(&identity);
                announce(&watched.source, &identity, now);
                self.end.monitor.follow(identity.details());
            }
            self.end.look(now);
        })
    }
}

impl End {
    /// Logs the approaching expiry, once for each milestone.
    fn look(&mut self, now: OffsetDateTime) {
        if let Some(validity) = self.monitor.look(now) {
            tracing::warn!("certificate {}: {validity}; {}", self.path.display(), self.hint);
        }
    }
}

impl Watched {
    /// Reloads the files if they changed. Returns the certificate if it can be used at that time.
    fn look(&mut self, now: OffsetDateTime) -> Option<Identity> {
        let fingerprints = fingerprints(&self.source);
        if fingerprints == self.fingerprints {
            return None;
        }
        match self.source.load_at(now) {
            Ok(identity) => {
                (self.fingerprints, self.passing) = (fingerprints, None);
                Some(identity)
            }
            Err(error) => {
                // A temporary fault is retried without a change of the file.
                let passing = error.fault.may_pass().then(|| mem::discriminant(&error.fault));
                if passing.is_none() {
                    self.fingerprints = fingerprints;
                }
                if passing.is_none() || passing != self.passing {
                    tracing::warn!("{error}; keeping the previous certificate");
                }
                self.passing = passing;
                None
            }
        }
    }
}

/// The hint for renewing the certificate in this file. systemd gives a service copies of its credentials
/// (systemd.exec(5), `LoadCredential=`) in a separate folder.
fn renewal(path: &Path, credentials: Option<&OsStr>) -> &'static str {
    if credentials.is_some_and(|folder| path.starts_with(folder)) {
        "renew it at the authority that issued it, put the new one in its place, and restart the service: systemd gave \
         it a copy"
    } else {
        "renew it at the authority that issued it, and replace the file: it is loaded at once, without a \
         restart"
    }
}

fn fingerprints(source: &Source) -> Vec<Option<FileFingerprint>> {
    source.paths().into_iter().map(fingerprint).collect()
}

fn announce(source: &Source, identity: &Identity, now: OffsetDateTime) {
    let details = identity.details();
    let (file, names, end) = (source.path().display(), details.names.join(", "), moment(details.not_after));
    tracing::info!("certificate {file}: for {names}, until {end}");
    for warning in Warning::of_chain(identity.chain(), &public_roots(), now) {
        tracing::warn!("certificate {file}: {warning}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_systemd_credential_needs_a_restart_to_renew() {
        let folder = OsStr::new("/run/credentials/mango-relay.service");
        let [copy, file] =
            ["/run/credentials/mango-relay.service/cert.pem", "/etc/mango-relay/cert.pem"].map(Path::new);
        assert!(renewal(copy, Some(folder)).contains("restart the service"));
        for credentials in [Some(folder), None] {
            assert!(renewal(file, credentials).contains("without a restart"));
        }
    }
}
