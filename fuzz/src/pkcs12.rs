//! PKCS#12 files.

use mango_certificates::Identity;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::sound;

/// The password of the corpus.
pub const PASSWORD: &str = "mango";

/// Opens a file with the password of the corpus, and with another one.
pub fn pkcs12(bytes: &[u8]) -> bool {
    let mut opened = false;
    for password in [PASSWORD, "guava"] {
        let identity = match Identity::from_pfx(bytes, password) {
            Ok(identity) => identity,
            Err(fault) => {
                sound::refused(&fault);
                continue;
            }
        };
        let pem = identity.chain_pem();
        let chain: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).map(|der| der.expect("PEM")).collect();
        assert!(!chain.is_empty() && chain == identity.chain());
        assert!(identity.key_pem().contains("PRIVATE KEY"));
        opened = true;
    }
    opened
}
