//! Certificates of a TLS server: loading, review, and a check of a running server.
//!
//! A [`Source`] names the files, in PEM or PKCS#12. [`Identity`] is their validated content, with errors that name the
//! file and a remedy. [`CurrentIdentity`] presents it in a [`server_config()`] and can be replaced while connections are
//! open. [`Details`] are the fields of one certificate. [`Warning`] and [`trust`] say what clients would refuse.
//! [`check`] connects to a server as a phone does.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use mango_certificates::{CurrentIdentity, Source, server_config};
//!
//! let (source, identity) = Source::pfx(Path::new("site.pfx"), Some(Path::new("password.txt")))?;
//! let current = CurrentIdentity::new(&identity);
//! let config = server_config(rustls::ALL_VERSIONS, current.clone())?;
//! // When the file has changed:
//! current.replace(&source.load()?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The messages name the flags of `mango-relay`, in which users meet them.

mod certificate;
pub mod check;
mod current;
mod dev_certificate;
mod fault;
mod files;
mod identity;
mod provider;
mod review;
mod server_config;
mod text;

pub use certificate::{Details, ExpiryMonitor, Key, Phase, Validity, in_order, moment};
pub use current::CurrentIdentity;
pub use dev_certificate::{DevCertificate, DevCertificateError};
pub use fault::{PASSWORD_VARIABLE, PasswordOrigin, TlsError, TlsFault};
pub use files::{BlockFault, Content, Keystore, Source, certificates, read, unreadable};
pub use identity::Identity;
pub use review::{Trust, Warning, public_roots, roots, trust};
pub use server_config::server_config;
