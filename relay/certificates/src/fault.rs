//! Errors of certificates.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::certificate::too_short;
use crate::files::{BlockFault, Content, unreadable};

/// A file that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct TlsError {
    /// The file.
    pub path: PathBuf,
    /// The error, with a hint.
    pub fault: TlsFault,
}

/// An error of a certificate, a key or a password, with a hint.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// The file cannot be read.
    #[error("{}", unreadable(.0))]
    Read(io::Error),
    /// The file is too large.
    #[error("has more than 4 MiB, which no file with a certificate has; copy or download it again")]
    TooLarge,
    /// The file contains no certificate in PEM, but this.
    #[error("{}", .0.for_certificate())]
    NoCertificate(Content),
    /// The file contains no roots in PEM, but this.
    #[error("{}", .0.for_roots())]
    NoRoots(Content),
    /// A certificate is damaged.
    #[error("certificate {number} in it is damaged; copy or export the file again")]
    BadCertificate {
        /// Its position in the file, from 1.
        number: usize,
    },
    /// The file contains no readable private key in PEM, but this.
    #[error("{}", .0.for_key())]
    NoKey(Content),
    /// TLS does not support the type of the private key.
    #[error(
        "its private key cannot be used: {0}; order a certificate with an RSA key of 2048 to 4096 bits or an EC key \
         (P-256 or P-384)"
    )]
    BadKey(rustls::Error),
    /// The RSA key is too short.
    #[error("{}", too_short(*bits).join("; "))]
    WeakKey {
        /// Its size.
        bits: usize,
    },
    /// The private key belongs to none of the certificates.
    #[error(
        "the private key does not belong to the certificate; take both from the same order: \
         `openssl pkey -in KEY -pubout` and `openssl x509 -in CERTIFICATE -noout -pubkey` must print the same"
    )]
    Mismatch,
    /// The certificate has expired.
    #[error(
        "the certificate of {subject} {when}; renew it at the authority that issued it (if it should still hold, set \
         this machine's clock, which says {now})"
    )]
    Expired {
        /// The subject.
        subject: String,
        /// The expiry, and how long ago it was.
        when: String,
        /// This machine's time.
        now: String,
    },
    /// The certificate is not valid yet.
    #[error(
        "the certificate of {subject} {when}; wait for it or use the old one until then (if it should hold already, set \
         this machine's clock, which says {now})"
    )]
    NotYetValid {
        /// The subject.
        subject: String,
        /// The start, and the time until then.
        when: String,
        /// This machine's time.
        now: String,
    },
    /// A block of a PEM file cannot be read.
    #[error("line {line}: {fault}")]
    BadBlock {
        /// The line, from 1.
        line: usize,
        /// The error.
        fault: BlockFault,
    },
    /// The file is not PKCS#12, but this.
    #[error("{}", .0.for_pfx())]
    NotPkcs12(Content),
    /// The PKCS#12 file is damaged.
    #[error("this PKCS#12 file is damaged: {0}; copy or export it again")]
    BadPkcs12(&'static str),
    /// The file is protected in a way that is not supported.
    #[error(
        "its protection is not supported ({0}), whatever the password; write its content as PEM with `openssl pkcs12 \
         -legacy -in FILE -nodes -out all.pem` (OpenSSL 1: without -legacy) and give --cert all.pem --key all.pem in place \
         of --pfx"
    )]
    PfxScheme(String),
    /// The file is protected with a certificate in place of a password.
    #[error(
        "protected with the key of another certificate, not with a password; export it again with the private key and a \
         password"
    )]
    PfxPublicKey,
    /// The password opens the file, but not the private key in it.
    #[error(
        "its password opens the file, but not the private key in it, which has a password of its own or is damaged; \
         `openssl pkcs12 -legacy -twopass -in FILE -nodes -out all.pem` asks for both (OpenSSL 1: without -legacy), give \
         --cert all.pem --key all.pem in place of --pfx"
    )]
    PfxKeyPassword,
    /// The password from this source is wrong.
    #[error(
        "wrong password{0}; Tencent Cloud puts it beside the .pfx in the file keystorePass.txt, and Windows asks for it \
         at the export"
    )]
    WrongPassword(PasswordOrigin),
    /// The file needs a password, and there is no terminal for a prompt.
    #[error(
        "has a password; set {}, give a file that holds it with --pfx-password-file, or start the program at a terminal, \
         where it asks",
        PASSWORD_VARIABLE
    )]
    PasswordNeeded,
    /// The password is not text.
    #[error("the password is not text in UTF-8; save it as UTF-8")]
    PasswordNotText,
    /// The PKCS#12 file contains no private key.
    #[error("holds no private key; export it again with the private key (in Windows: \"Yes, export the private key\")")]
    PfxWithoutKey,
    /// The PKCS#12 file contains no certificate.
    #[error("holds no certificate; export it again with its certificate")]
    PfxWithoutCertificate,
}

impl TlsFault {
    /// The error for that file.
    pub(crate) fn of(self, path: impl Into<PathBuf>) -> TlsError {
        TlsError { path: path.into(), fault: self }
    }

    /// Whether the same file may become usable later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Read(_) | Self::NotYetValid { .. })
    }
}

/// The environment variable with the password of a PKCS#12 file.
pub const PASSWORD_VARIABLE: &str = "MANGO_RELAY_PFX_PASSWORD";

/// The source of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordOrigin {
    /// The caller of the function.
    Caller,
    /// The environment variable `MANGO_RELAY_PFX_PASSWORD`.
    Environment,
    /// The first line of this file.
    File(PathBuf),
    /// The terminal.
    Terminal,
}

/// As the end of a sentence about the password: ` in the environment variable ...`.
impl fmt::Display for PasswordOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller => Ok(()),
            Self::Environment => write!(f, " in the environment variable {PASSWORD_VARIABLE}"),
            Self::File(file) => write!(f, " in the first line of {}", file.display()),
            Self::Terminal => f.write_str(" typed at the prompt"),
        }
    }
}
