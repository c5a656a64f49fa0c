//! Encryption schemes of PKCS#12 files.

mod names;

use der::asn1::ObjectIdentifier;
use pkcs12::kdf::Pkcs12KeyType;

use super::asn1::{Algorithm, known, number, octets};
use super::ber;
use super::cipher::Cipher;
use super::effort::Effort;
use super::hash::Hash;
use super::passwords::Passwords;
use crate::fault::TlsFault;
use names::name;

/// PBES2 and its key derivations (RFC 8018, RFC 7914).
const PBES2: ObjectIdentifier = known("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = known("1.2.840.113549.1.5.12");
const SCRYPT: ObjectIdentifier = known("1.3.6.1.4.1.11591.4.11");

/// The schemes of RFC 7292, appendix C, which derive keys with SHA-1.
const PKCS12: [(ObjectIdentifier, Cipher); 4] = [
    (known("1.2.840.113549.1.12.1.3"), Cipher::Des3),
    (known("1.2.840.113549.1.12.1.4"), Cipher::Des2),
    (known("1.2.840.113549.1.12.1.5"), Cipher::Rc2To128),
    (known("1.2.840.113549.1.12.1.6"), Cipher::Rc2To40),
];

/// The ciphers of PBES2 whose only parameter is the initialisation vector.
const CIPHERS: [(ObjectIdentifier, Cipher); 4] = [
    (known("2.16.840.1.101.3.4.1.2"), Cipher::Aes128),
    (known("2.16.840.1.101.3.4.1.22"), Cipher::Aes192),
    (known("2.16.840.1.101.3.4.1.42"), Cipher::Aes256),
    (known("1.2.840.113549.3.7"), Cipher::Des3),
];

/// An encryption scheme.
#[derive(Debug)]
pub(super) enum Scheme<'a> {
    /// A scheme of RFC 7292, appendix C.
    Pkcs12 { cipher: Cipher, salt: &'a [u8], iterations: u32 },
    /// PBES2.
    Pbes2 { derivation: Derivation<'a>, cipher: Cipher, vector: &'a [u8] },
}

/// A key derivation of PBES2.
#[derive(Debug)]
pub(super) enum Derivation<'a> {
    Pbkdf2 { hash: Hash, salt: &'a [u8], iterations: u32 },
    Scrypt { salt: &'a [u8], cost: u64, block: u32, parallel: u32 },
}

impl<'a> Scheme<'a> {
    /// The scheme of an algorithm identifier.
    ///
    /// # Errors
    /// [`TlsFault::PfxScheme`] names an unsupported algorithm.
    pub(super) fn of(algorithm: Algorithm<'a>) -> Result<Self, TlsFault> {
        if algorithm.oid == PBES2 {
            let parts = algorithm.parts()?;
            let [derivation, encryption, ..] = &parts[..] else { return Err(incomplete()) };
            return Self::pbes2(Algorithm::of(*derivation)?, Algorithm::of(*encryption)?);
        }
        let cipher = find(&PKCS12, algorithm)?;
        let parts = algorithm.parts()?;
        let [salt, iterations, ..] = &parts[..] else { return Err(incomplete()) };
        Ok(Self::Pkcs12 { cipher, salt: octets(*salt)?, iterations: number(*iterations)? })
    }

    fn pbes2(derivation: Algorithm<'a>, encryption: Algorithm<'a>) -> Result<Self, TlsFault> {
        let cipher = find(&CIPHERS, encryption)?;
        let vector = encryption.parameters.ok_or_else(incomplete).and_then(octets)?;
        if vector.len() != cipher.block() {
            return Err(incomplete());
        }
        Ok(Self::Pbes2 { derivation: Derivation::of(derivation)?, cipher, vector })
    }

    /// Decrypts with the first of the passwords whose result `read` accepts; none if no password works.
    ///
    /// # Errors
    /// The limit of `effort` is exceeded.
    pub(super) fn decrypt<T>(
        &self,
        data: &[u8],
        passwords: &Passwords,
        effort: &mut Effort,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, TlsFault> {
        let candidates = match self {
            Self::Pkcs12 { .. } => &passwords.pkcs12,
            Self::Pbes2 { .. } => &passwords.pkcs5,
        };
        for password in candidates {
            let plain = self.plain(data, password, effort)?;
            // A wrong key may give valid padding by chance, but not a valid element.
            if let Some(found) = plain.and_then(|plain| ber::to_der(&plain).ok()).and_then(|der| read(&der)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn plain(&self, data: &[u8], password: &[u8], effort: &mut Effort) -> Result<Option<Vec<u8>>, TlsFault> {
        Ok(match self {
            Self::Pkcs12 { cipher, salt, iterations } => {
                let hash = Hash::Sha1;
                let mut derive = |purpose, length: usize| {
                    let rounds = u32::try_from(length.div_ceil(hash.length())).unwrap_or(u32::MAX);
                    effort.take(iterations.saturating_mul(rounds))?;
                    Ok::<_, TlsFault>(hash.pkcs12(password, salt, purpose, *iterations, length))
                };
                let key = derive(Pkcs12KeyType::EncryptionKey, cipher.key())?;
                let vector = derive(Pkcs12KeyType::Iv, cipher.block())?;
                cipher.decrypt(&key, &vector, data)
            }
            Self::Pbes2 { derivation, cipher, vector } => {
                let key = derivation.key(password, cipher.key(), effort)?;
                cipher.decrypt(&key, vector, data)
            }
        })
    }
}

impl<'a> Derivation<'a> {
    fn of(algorithm: Algorithm<'a>) -> Result<Self, TlsFault> {
        let parts = algorithm.parts();
        match algorithm.oid {
            PBKDF2 => {
                let parts = parts?;
                let [salt, iterations, rest @ ..] = &parts[..] else { return Err(incomplete()) };
                // After an optional key length, which the cipher determines too (RFC 8018, A.2).
                let function = rest.iter().find_map(|part| Algorithm::of(*part).ok());
                let hash = match function {
                    None => Hash::Sha1,
                    Some(function) => Hash::of_hmac(function.oid).ok_or_else(|| unsupported(function.oid))?,
                };
                Ok(Self::Pbkdf2 { hash, salt: octets(*salt)?, iterations: number(*iterations)? })
            }
            SCRYPT => {
                let parts = parts?;
                let [salt, cost, block, parallel, ..] = &parts[..] else { return Err(incomplete()) };
                let cost = cost.decode_as::<u64>().map_err(|_| incomplete())?;
                Ok(Self::Scrypt { salt: octets(*salt)?, cost, block: number(*block)?, parallel: number(*parallel)? })
            }
            other => Err(unsupported(other)),
        }
    }

    fn key(&self, password: &[u8], length: usize, effort: &mut Effort) -> Result<Vec<u8>, TlsFault> {
        match *self {
            Self::Pbkdf2 { hash, salt, iterations } => {
                let rounds = u32::try_from(length.div_ceil(hash.length())).unwrap_or(u32::MAX);
                effort.take(iterations.saturating_mul(rounds))?;
                Ok(hash.pbkdf2(password, salt, iterations, length))
            }
            Self::Scrypt { salt, cost, block, parallel } => {
                effort.take_scrypt(cost, block, parallel)?;
                let power = cost.checked_ilog2().filter(|power| *power > 0 && cost.is_power_of_two());
                let power = power.and_then(|power| u8::try_from(power).ok());
                let parameters = power.and_then(|power| scrypt::Params::new(power, block, parallel).ok());
                let mut key = vec![0; length];
                let made = parameters.and_then(|parameters| scrypt::scrypt(password, salt, &parameters, &mut key).ok());
                made.map(|()| key).ok_or_else(|| TlsFault::PfxScheme("scrypt with wrong parameters".to_owned()))
            }
        }
    }
}

/// The cipher of an algorithm identifier.
fn find(ciphers: &[(ObjectIdentifier, Cipher)], algorithm: Algorithm<'_>) -> Result<Cipher, TlsFault> {
    let found = ciphers.iter().find(|(oid, _)| *oid == algorithm.oid);
    found.map(|(_, cipher)| *cipher).ok_or_else(|| unsupported(algorithm.oid))
}

fn unsupported(oid: ObjectIdentifier) -> TlsFault {
    TlsFault::PfxScheme(name(oid))
}

fn incomplete() -> TlsFault {
    TlsFault::BadPkcs12("the parameters of its encryption are not complete")
}
