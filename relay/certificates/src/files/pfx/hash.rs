//! The hashes of PKCS#12 files, key derivation and HMAC.

use der::asn1::ObjectIdentifier;
use hmac::{Hmac, KeyInit, Mac};
use pbkdf2::pbkdf2_hmac;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

use super::asn1::known;

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512To224,
    Sha512To256,
}

/// The object identifiers of each hash and of its HMAC (RFC 8018, B.1.2 and NIST's list of algorithms).
const OIDS: [(Hash, ObjectIdentifier, ObjectIdentifier); 7] = [
    (Hash::Sha1, known("1.3.14.3.2.26"), known("1.2.840.113549.2.7")),
    (Hash::Sha224, known("2.16.840.1.101.3.4.2.4"), known("1.2.840.113549.2.8")),
    (Hash::Sha256, known("2.16.840.1.101.3.4.2.1"), known("1.2.840.113549.2.9")),
    (Hash::Sha384, known("2.16.840.1.101.3.4.2.2"), known("1.2.840.113549.2.10")),
    (Hash::Sha512, known("2.16.840.1.101.3.4.2.3"), known("1.2.840.113549.2.11")),
    (Hash::Sha512To224, known("2.16.840.1.101.3.4.2.5"), known("1.2.840.113549.2.12")),
    (Hash::Sha512To256, known("2.16.840.1.101.3.4.2.6"), known("1.2.840.113549.2.13")),
];

/// Evaluates an expression with the hash's type bound to a name.
macro_rules! with_type {
    ($hash:expr, $name:ident => $run:expr) => {
        with_type!($hash, $name => $run; Sha1 = Sha1, Sha224 = Sha224, Sha256 = Sha256, Sha384 = Sha384,
            Sha512 = Sha512, Sha512To224 = Sha512_224, Sha512To256 = Sha512_256)
    };
    ($hash:expr, $name:ident => $run:expr; $($hash_name:ident = $hash_type:ty),+) => {
        match $hash {
            $(Hash::$hash_name => {
                type $name = $hash_type;
                $run
            })+
        }
    };
}

impl Hash {
    /// The hash with that identifier.
    pub(super) fn of(oid: ObjectIdentifier) -> Option<Self> {
        OIDS.iter().find(|(_, own, _)| oid == *own).map(|(hash, ..)| *hash)
    }

    /// The hash whose HMAC has that identifier.
    pub(super) fn of_hmac(oid: ObjectIdentifier) -> Option<Self> {
        OIDS.iter().find(|(.., hmac)| oid == *hmac).map(|(hash, ..)| *hash)
    }

    /// Length of the hash, bytes.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512To224 => 28,
            Self::Sha256 | Self::Sha512To256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Key material from a password in the form of RFC 7292, B.1, by RFC 7292, B.2.
    pub(super) fn pkcs12(
        self,
        password: &[u8],
        salt: &[u8],
        purpose: Pkcs12KeyType,
        iterations: u32,
        length: usize,
    ) -> Vec<u8> {
        // Cannot fail: [`Effort`] limits iterations far below that.
        let iterations = i32::try_from(iterations).unwrap_or(i32::MAX);
        with_type!(self, H => derive_key::<H>(password, salt, purpose, iterations, length))
    }

    /// Key material by PBKDF2 with the HMAC of this hash (RFC 8018, 5.2).
    pub(super) fn pbkdf2(self, password: &[u8], salt: &[u8], iterations: u32, length: usize) -> Vec<u8> {
        let mut key = vec![0; length];
        with_type!(self, H => pbkdf2_hmac::<H>(password, salt, iterations, &mut key));
        key
    }

    /// Whether `tag` is the HMAC of these bytes.
    pub(super) fn is_hmac(self, key: &[u8], bytes: &[u8], tag: &[u8]) -> bool {
        with_type!(self, H => {
            let mac = <Hmac<H> as KeyInit>::new_from_slice(key);
            mac.is_ok_and(|mac| mac.chain_update(bytes).verify_slice(tag).is_ok())
        })
    }
}
