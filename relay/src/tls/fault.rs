//! What keeps a certificate from being used.

use std::io;
use std::path::PathBuf;

use super::content::Content;
use super::key::too_short;
use super::password::PasswordOrigin;
use super::pem_file::BlockFault;
use crate::unreadable::unreadable;

/// A file that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {fault}")]
pub struct TlsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, and what to do.
    pub fault: TlsFault,
}

/// What is wrong with a certificate, a key or a password, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// The file cannot be read.
    #[error("{}", unreadable(.0))]
    Read(io::Error),
    /// The file is larger than any with certificates.
    #[error("has more than 4 MiB, which no file with a certificate has; copy or download it again")]
    TooLarge,
    /// The file holds no certificate in PEM, but this.
    #[error("{}", .0.for_certificate())]
    NoCertificate(Content),
    /// The file holds no roots in PEM, but this.
    #[error("{}", .0.for_roots())]
    NoRoots(Content),
    /// A certificate is damaged.
    #[error("certificate {number} in it is damaged; copy or export the file again")]
    BadCertificate {
        /// Its place in the file, from 1.
        number: usize,
    },
    /// The file holds no private key in PEM that can be read, but this.
    #[error("{}", .0.for_key())]
    NoKey(Content),
    /// The private key is of a kind that TLS cannot use.
    #[error(
        "its private key cannot be used: {0}; order a certificate with an RSA key of 2048 to 4096 bits or an EC key \
         (P-256 or P-384)"
    )]
    BadKey(rustls::Error),
    /// The private key is one of RSA and too short.
    #[error("{}", too_short(*bits))]
    WeakKey {
        /// Its size.
        bits: usize,
    },
    /// The private key is not that of any of the certificates.
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
        /// Whom it is for.
        subject: String,
        /// Its last moment, and how long ago that was.
        when: String,
        /// This machine's time.
        now: String,
    },
    /// The certificate does not hold yet.
    #[error(
        "the certificate of {subject} {when}; wait for it or use the old one until then (if it should hold already, set \
         this machine's clock, which says {now})"
    )]
    NotYetValid {
        /// Whom it is for.
        subject: String,
        /// Its first moment, and how far that is.
        when: String,
        /// This machine's time.
        now: String,
    },
    /// A block of a PEM file cannot be read.
    #[error("line {line}: {fault}")]
    BadBlock {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        fault: BlockFault,
    },
    /// The file is no PKCS#12, but this.
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
    /// The password from there is wrong.
    #[error(
        "wrong password{0}; Tencent Cloud puts it beside the .pfx in the file keystorePass.txt, and Windows asks for it \
         at the export"
    )]
    WrongPassword(PasswordOrigin),
    /// There is a password, and nobody to ask for it.
    #[error(
        "has a password; set {}, give a file that holds it with --pfx-password-file, or start the program at a terminal, \
         where it asks",
        super::password::PASSWORD_VARIABLE
    )]
    PasswordNeeded,
    /// The password is not text.
    #[error("the password is not text in UTF-8; save it as UTF-8")]
    PasswordNotText,
    /// The PKCS#12 file holds no private key.
    #[error("holds no private key; export it again with the private key (in Windows: \"Yes, export the private key\")")]
    PfxWithoutKey,
    /// The PKCS#12 file holds no certificate.
    #[error("holds no certificate; export it again with its certificate")]
    PfxWithoutCertificate,
}

impl TlsFault {
    /// The fault of that file.
    pub(super) fn of(self, path: impl Into<PathBuf>) -> TlsError {
        TlsError { path: path.into(), fault: self }
    }

    /// Whether the same file may serve later.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Read(_) | Self::NotYetValid { .. })
    }
}
