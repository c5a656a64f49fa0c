//! The files of certificate and key.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::password::Password;
use super::pem_file;
use super::read::read;
use crate::fault::{TlsError, TlsFault};
use crate::identity::Identity;

/// The files of a certificate chain and its key. They can be reloaded.
#[derive(Clone, Debug)]
pub struct Source(Files);

#[derive(Clone, Debug)]
enum Files {
    Pem { certificate: PathBuf, key: PathBuf },
    Pfx { path: PathBuf, password: Password },
}

impl Source {
    /// Chain and key in PEM.
    #[must_use]
    pub fn pem(certificate: &Path, key: &Path) -> Self {
        Self(Files::Pem { certificate: certificate.to_owned(), key: key.to_owned() })
    }

    /// A PKCS#12 file with its content. The password comes from `password_file`, else from the environment variable
    /// `MANGO_RELAY_PFX_PASSWORD`, else from a prompt at the terminal, unless the file opens without one.
    ///
    /// # Errors
    /// There is no password, or the file cannot be read with it.
    pub fn pfx(path: &Path, password_file: Option<&Path>) -> Result<(Self, Identity), TlsError> {
        let source = |password| Self(Files::Pfx { path: path.to_owned(), password });
        let given = source(Password::given(password_file)?);
        match given.load() {
            Err(TlsError { fault: TlsFault::PasswordNeeded, .. }) => {
                let asked = source(Password::ask(path)?);
                let identity = asked.load()?;
                Ok((asked, identity))
            }
            loaded => loaded.map(|identity| (given, identity)),
        }
    }

    /// Loads chain and key from the files. Dates are not checked.
    ///
    /// # Errors
    /// [`TlsError`] names the file and the error.
    pub fn load(&self) -> Result<Identity, TlsError> {
        match &self.0 {
            Files::Pem { certificate, key } => {
                let chain = pem_file::certificates(&read(certificate)?).map_err(|fault| fault.of(certificate))?;
                let private = pem_file::key(&read(key)?).map_err(|fault| fault.of(key))?;
                Identity::new(chain, vec![private]).map_err(|fault| match fault {
                    fault @ TlsFault::BadCertificate { .. } => fault.of(certificate),
                    fault => fault.of(key),
                })
            }
            Files::Pfx { path, password } => {
                let text = password.text()?;
                Identity::from_pfx(&read(path)?, &text).map_err(|fault| password.explain(fault).of(path))
            }
        }
    }

    /// As [`Source::load`], and checks that the certificate is valid at that time.
    ///
    /// # Errors
    /// Those of [`Source::load`], and a certificate that is out of date.
    pub fn load_at(&self, now: OffsetDateTime) -> Result<Identity, TlsError> {
        let identity = self.load()?;
        self.in_date(&identity, now)?;
        Ok(identity)
    }

    /// Checks that a certificate from these files is valid at that time.
    ///
    /// # Errors
    /// A certificate that is out of date.
    pub fn in_date(&self, identity: &Identity, now: OffsetDateTime) -> Result<(), TlsError> {
        identity.in_date(now).map_err(|fault| fault.of(self.path()))
    }

    /// The certificate file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.0 {
            Files::Pem { certificate: path, .. } | Files::Pfx { path, .. } => path,
        }
    }

    /// The files to watch.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        match &self.0 {
            Files::Pem { certificate, key } => vec![certificate, key],
            Files::Pfx { path, password } => std::iter::once(path.as_path()).chain(password.file()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::Content;
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    struct Files {
        folder: TempDir,
    }

    impl Files {
        fn new() -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            for name in ["a", "b"] {
                let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
                fs::write(files.path(&format!("{name}.crt")), made.cert.pem()).unwrap();
                fs::write(files.path(&format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
            }
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn load(&self, certificate: &str, key: &str) -> Result<Identity, TlsError> {
            Source::pem(&self.path(certificate), &self.path(key)).load()
        }
    }

    #[test]
    fn certificate_and_key_round_trip() {
        let files = Files::new();
        let identity = files.load("a.crt", "a.key").unwrap();
        assert_eq!(identity.chain_pem(), fs::read_to_string(files.path("a.crt")).unwrap());
        assert_eq!(identity.key_pem(), fs::read_to_string(files.path("a.key")).unwrap());
    }

    #[test]
    fn errors_name_the_file() {
        let files = Files::new();
        let error = |certificate, key| {
            let TlsError { path, fault } = files.load(certificate, key).unwrap_err();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fault)
        };
        assert!(matches!(error("a.crt", "none.key"), (file, TlsFault::Read(_)) if file == "none.key"));
        assert!(matches!(error("a.key", "a.key"), (file, TlsFault::NoCertificate(Content::Key)) if file == "a.key"));
        assert!(matches!(error("a.crt", "a.crt"), (file, TlsFault::NoKey(Content::Certificate)) if file == "a.crt"));
        assert!(matches!(error("a.crt", "b.key"), (file, TlsFault::Mismatch) if file == "b.key"));
        let good = fs::read_to_string(files.path("a.crt")).unwrap();
        let (head, tail) = good.split_at(good.len() / 2);
        fs::write(files.path("bad.crt"), format!("{good}{head}!{tail}")).unwrap();
        let line = good.lines().count() + 1;
        assert!(matches!(error("bad.crt", "a.key"), (_, TlsFault::BadBlock { line: found, .. }) if found == line));
    }
}
