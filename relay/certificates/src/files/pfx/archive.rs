//! The content of a PKCS#12 file (RFC 7292).

use der::asn1::{AnyRef, ObjectIdentifier};
use pkcs12::kdf::Pkcs12KeyType;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use super::asn1::{Algorithm, elements, is_tagged, known, malformed, number, octets, oid, parse, sequence};
use super::ber::{self, Malformed};
use super::effort::Effort;
use super::hash::Hash;
use super::passwords::Passwords;
use super::scheme::Scheme;
use crate::fault::{PasswordOrigin, TlsFault};

/// Content types (RFC 5652).
const DATA: ObjectIdentifier = known("1.2.840.113549.1.7.1");
const SIGNED: ObjectIdentifier = known("1.2.840.113549.1.7.2");
const ENVELOPED: ObjectIdentifier = known("1.2.840.113549.1.7.3");
const ENCRYPTED: ObjectIdentifier = known("1.2.840.113549.1.7.6");
/// Bag types (RFC 7292, 4.2).
const KEY: ObjectIdentifier = known("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY: ObjectIdentifier = known("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE: ObjectIdentifier = known("1.2.840.113549.1.12.10.1.3");
const BAGS: ObjectIdentifier = known("1.2.840.113549.1.12.10.1.6");
/// The type of certificates that TLS uses.
const X509: ObjectIdentifier = known("1.2.840.113549.1.9.22.1");

/// Nesting depth of bags.
const MAX_DEPTH: usize = 4;

/// Keys and certificates of a PKCS#12 file, in file order.
#[derive(Debug, Default)]
pub(super) struct Archive {
    pub(super) keys: Vec<PrivatePkcs8KeyDer<'static>>,
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

impl Archive {
    /// Opens a file encoded in BER.
    ///
    /// # Errors
    /// An error in the file or its password.
    pub(super) fn open(bytes: &[u8], password: &str) -> Result<Self, TlsFault> {
        let der = to_der(bytes)?;
        let file = sequence(parse(&der)?)?;
        let [_version, content, rest @ ..] = &file[..] else { return Err(malformed(())) };
        let (kind, content) = content_info(*content)?;
        if kind == SIGNED {
            return Err(TlsFault::PfxPublicKey);
        }
        let safe = match content {
            Some(content) if kind == DATA => octets(content)?,
            _ => return Err(malformed(())),
        };
        let (mut effort, passwords) = (Effort::new(), Passwords::of(password));
        let verified = match rest.first() {
            Some(mac) => verify(*mac, safe, &passwords, &mut effort)?,
            None => Verified::Unknown,
        };
        let (passwords, verified) = match verified {
            Verified::By(index) => (passwords.preferring(index), true),
            Verified::Unknown => (passwords, false),
        };
        let mut opening = Opening { archive: Self::default(), passwords, verified, effort };
        for content in sequence(parse(&to_der(safe)?)?)? {
            opening.content(content)?;
        }
        Ok(opening.archive)
    }
}

/// The result of checking a password against a file's MAC.
enum Verified {
    /// The password is right, in the form of that index.
    By(usize),
    /// Unknown: there is no MAC that can be computed. Files without one are read too, so this loses nothing.
    Unknown,
}

/// Checks a password against the MAC of the content (RFC 7292, 4 and 5.1).
fn verify(mac: AnyRef<'_>, content: &[u8], passwords: &Passwords, effort: &mut Effort) -> Result<Verified, TlsFault> {
    let parts = sequence(mac)?;
    let [digest, salt, rest @ ..] = &parts[..] else { return Err(malformed(())) };
    let digest = sequence(*digest)?;
    let [algorithm, tag, ..] = &digest[..] else { return Err(malformed(())) };
    let (Some(hash), tag, salt) = (Hash::of(Algorithm::of(*algorithm)?.oid), octets(*tag)?, octets(*salt)?) else {
        return Ok(Verified::Unknown);
    };
    let iterations = rest.first().map_or(Ok(1), |iterations| number(*iterations))?;
    for (index, password) in passwords.pkcs12.iter().enumerate() {
        effort.take(iterations)?;
        let key = hash.pkcs12(password, salt, Pkcs12KeyType::Mac, iterations, hash.length());
        if hash.is_hmac(&key, content, tag) {
            return Ok(Verified::By(index));
        }
    }
    Err(TlsFault::WrongPassword(PasswordOrigin::Caller))
}

/// The state while a file is read.
struct Opening {
    archive: Archive,
    passwords: Passwords,
    /// Whether the password is known to be right.
    verified: bool,
    effort: Effort,
}

impl Opening {
    /// Reads a part of the file, encrypted or not.
    fn content(&mut self, content: AnyRef<'_>) -> Result<(), TlsFault> {
        let (kind, content) = content_info(content)?;
        match (kind, content) {
            (ENVELOPED, _) => Err(TlsFault::PfxPublicKey),
            (DATA, Some(content)) => {
                let bags = to_der(octets(content)?)?;
                self.bags(parse(&bags)?, 0)
            }
            (ENCRYPTED, Some(content)) => {
                let parts = sequence(content)?;
                let [_version, content, ..] = &parts[..] else { return Err(malformed(())) };
                let parts = sequence(*content)?;
                let [_kind, algorithm, rest @ ..] = &parts[..] else { return Err(malformed(())) };
                let Some(data) = rest.iter().find(|part| is_tagged(**part, 0)) else { return Ok(()) };
                let scheme = Scheme::of(Algorithm::of(*algorithm)?)?;
                let data = implicit_octets(*data)?;
                let bags = scheme.decrypt(&data, &self.passwords, &mut self.effort, own_sequence)?;
                let damaged = TlsFault::BadPkcs12("the password is right, but its certificates cannot be decrypted");
                let bags = bags.ok_or_else(|| self.not_decrypted(damaged))?;
                self.verified = true;
                self.bags(parse(&bags)?, 0)
            }
            _ => Ok(()),
        }
    }

    fn bags(&mut self, bags: AnyRef<'_>, depth: usize) -> Result<(), TlsFault> {
        if depth == MAX_DEPTH {
            return Err(TlsFault::BadPkcs12("its bags are nested too deeply"));
        }
        for bag in sequence(bags)? {
            let parts = sequence(bag)?;
            let [kind, value, ..] = &parts[..] else { return Err(malformed(())) };
            match oid(*kind)? {
                // Attributes are ignored; TLS needs none of a key.
                KEY => self.key(to_der(&element(explicit(*value)?)?)?),
                SHROUDED_KEY => self.shrouded_key(explicit(*value)?)?,
                CERTIFICATE => self.certificate(explicit(*value)?)?,
                BAGS => self.bags(explicit(*value)?, depth + 1)?,
                // Revocation lists, and secrets other than keys.
                _ => {}
            }
        }
        Ok(())
    }

    fn key(&mut self, der: Vec<u8>) {
        self.archive.keys.push(PrivatePkcs8KeyDer::from(der));
    }

    fn shrouded_key(&mut self, value: AnyRef<'_>) -> Result<(), TlsFault> {
        let parts = sequence(value)?;
        let [algorithm, data, ..] = &parts[..] else { return Err(malformed(())) };
        let scheme = Scheme::of(Algorithm::of(*algorithm)?)?;
        let key = scheme.decrypt(octets(*data)?, &self.passwords, &mut self.effort, own_sequence)?;
        let key = key.ok_or_else(|| self.not_decrypted(TlsFault::PfxKeyPassword))?;
        self.key(key);
        Ok(())
    }

    fn certificate(&mut self, value: AnyRef<'_>) -> Result<(), TlsFault> {
        let parts = sequence(value)?;
        let [kind, value, ..] = &parts[..] else { return Err(malformed(())) };
        if oid(*kind)? == X509 {
            let der = octets(explicit(*value)?)?;
            self.archive.certificates.push(CertificateDer::from(der.to_vec()));
        }
        Ok(())
    }

    /// The error for a part that no form of the password decrypts.
    fn not_decrypted(&self, although_right: TlsFault) -> TlsFault {
        if self.verified { although_right } else { TlsFault::WrongPassword(PasswordOrigin::Caller) }
    }
}

/// The type of a content, and the content if present.
fn content_info(info: AnyRef<'_>) -> Result<(ObjectIdentifier, Option<AnyRef<'_>>), TlsFault> {
    let parts = sequence(info)?;
    let [kind, rest @ ..] = &parts[..] else { return Err(malformed(())) };
    Ok((oid(*kind)?, rest.first().map(|content| explicit(*content)).transpose()?))
}

/// The element inside one with the context-specific tag 0.
fn explicit(tagged: AnyRef<'_>) -> Result<AnyRef<'_>, TlsFault> {
    match elements(tagged)?[..] {
        [inside] if is_tagged(tagged, 0) => Ok(inside),
        _ => Err(malformed(())),
    }
}

/// The octets of an implicitly tagged octet string, primitive or in pieces.
fn implicit_octets(tagged: AnyRef<'_>) -> Result<Vec<u8>, TlsFault> {
    if !tagged.header().is_constructed() {
        return Ok(tagged.value().to_vec());
    }
    let mut all = Vec::with_capacity(tagged.value().len());
    for piece in elements(tagged)? {
        all.extend_from_slice(octets(piece)?);
    }
    Ok(all)
}

/// A copy of the DER, if it is one sequence.
fn own_sequence(der: &[u8]) -> Option<Vec<u8>> {
    parse(der).and_then(sequence).is_ok().then(|| der.to_vec())
}

/// An element including its tag and length.
fn element(of: AnyRef<'_>) -> Result<Vec<u8>, TlsFault> {
    der::Encode::to_der(&of).map_err(malformed)
}

fn to_der(bytes: &[u8]) -> Result<Vec<u8>, TlsFault> {
    ber::to_der(bytes).map_err(|fault| match fault {
        Malformed::CutOff => TlsFault::BadPkcs12("it ends before its content does"),
        Malformed::Broken => malformed(()),
    })
}
