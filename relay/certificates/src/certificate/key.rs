//! The public key of a certificate.

use std::fmt;

use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// Shorter RSA keys are refused, by iOS and by this program's TLS.
const LEAST_RSA_BITS: usize = 2048;

/// The algorithm and size of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// An elliptic curve.
    Ec {
        /// Its name.
        curve: &'static str,
        /// Its size.
        bits: u16,
    },
    /// Ed25519.
    Ed25519,
    /// Another algorithm, by its object identifier (OID).
    Other(String),
    /// RSA.
    Rsa {
        /// Its size.
        bits: usize,
    },
}

impl Key {
    pub(super) fn of(key: &SubjectPublicKeyInfo<'_>) -> Self {
        if let Ok(PublicKey::RSA(rsa)) = key.parsed() {
            return Self::Rsa { bits: bits(rsa.modulus) };
        }
        let algorithm = key.algorithm.algorithm.to_id_string();
        let curve = key.algorithm.parameters.as_ref().and_then(|curve| Some(curve.as_oid().ok()?.to_id_string()));
        match (algorithm.as_str(), curve.as_deref()) {
            ("1.2.840.10045.2.1", Some("1.2.840.10045.3.1.7")) => Self::Ec { curve: "P-256", bits: 256 },
            ("1.2.840.10045.2.1", Some("1.3.132.0.34")) => Self::Ec { curve: "P-384", bits: 384 },
            ("1.2.840.10045.2.1", Some("1.3.132.0.35")) => Self::Ec { curve: "P-521", bits: 521 },
            ("1.3.101.112", _) => Self::Ed25519,
            _ => Self::Other(algorithm),
        }
    }

    /// Whether phones refuse the key for its size.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        matches!(self, Self::Rsa { bits } if *bits < LEAST_RSA_BITS)
    }
}

/// The text and the hint about an RSA key that is too short.
pub(crate) fn too_short(bits: usize) -> [String; 2] {
    [
        format!("{}: phones refuse RSA keys of less than {LEAST_RSA_BITS} bits", Key::Rsa { bits }),
        format!("make a new key (RSA with {LEAST_RSA_BITS} bits, or EC P-256) and order a new certificate with it"),
    ]
}

/// `RSA, 2048 bits`, `EC P-256, 256 bits`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ec { curve, bits } => write!(f, "EC {curve}, {bits} bits"),
            Self::Ed25519 => f.write_str("Ed25519, 256 bits"),
            Self::Other(algorithm) => write!(f, "of an unknown algorithm ({algorithm})"),
            Self::Rsa { bits } => write!(f, "RSA, {bits} bits"),
        }
    }
}

/// The bits of a big-endian number, without leading zeros.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros).map_or(0, |first| (number.len() - zeros) * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::super::details::Details;
    use super::*;
    use crate::review::Warning;
    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn keys_are_shown_with_their_sizes() {
        for (algorithm, shown) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, "EC P-256, 256 bits"),
            (&rcgen::PKCS_ECDSA_P384_SHA384, "EC P-384, 384 bits"),
            (&rcgen::PKCS_ED25519, "Ed25519, 256 bits"),
        ] {
            let key = KeyPair::generate_for(algorithm).unwrap();
            let made = CertificateParams::default().self_signed(&key).unwrap();
            let key = Details::of(made.der()).unwrap().key;
            assert_eq!((key.to_string().as_str(), Warning::of_key(&key).is_none()), (shown, true));
        }
    }

    #[test]
    fn the_size_of_an_rsa_key_is_counted_from_its_first_bit() {
        let of = |modulus: &[u8]| Key::Rsa { bits: bits(modulus) };
        let modulus = |first: &[u8], others: usize| [first, &vec![0; others]].concat();
        for (modulus, bits, weak) in [
            (modulus(&[0, 0x80], 255), 2048, false),
            (modulus(&[0x80], 255), 2048, false),
            (modulus(&[0x7F], 255), 2047, true),
            (modulus(&[0, 0xC0], 127), 1024, true),
            (Vec::new(), 0, true),
            (vec![0, 0], 0, true),
        ] {
            assert_eq!((of(&modulus), of(&modulus).is_weak()), (Key::Rsa { bits }, weak));
        }
    }
}
