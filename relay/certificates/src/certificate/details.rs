//! The fields of a certificate.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS;
use x509_parser::parse_x509_certificate;
use x509_parser::x509::X509Name;

use super::key::Key;
use super::validity::Validity;
use crate::text::printable;

/// The fields of a certificate, as text that is safe for a terminal.
#[derive(Clone, Debug)]
pub struct Details {
    /// The subject.
    pub subject: String,
    /// The issuer.
    pub issuer: String,
    /// The host names and addresses.
    pub names: Vec<String>,
    /// When it becomes valid.
    pub not_before: OffsetDateTime,
    /// When it expires.
    pub not_after: OffsetDateTime,
    /// Its public key.
    pub key: Key,
    /// The URL of the issuer's certificate (RFC 5280, 4.2.2.1).
    pub issuer_at: Option<String>,
    /// Whether subject and issuer are the same.
    pub self_issued: bool,
    /// SHA-256 of the whole certificate, as openssl prints it.
    pub fingerprint: String,
}

impl Details {
    /// Parses a certificate in DER; none if it is damaged.
    #[must_use]
    pub fn of(der: &[u8]) -> Option<Self> {
        let (_, parsed) = parse_x509_certificate(der).ok()?;
        let time = |time: x509_parser::time::ASN1Time| OffsetDateTime::from_unix_timestamp(time.timestamp()).ok();
        Some(Self {
            subject: name(parsed.subject()),
            issuer: name(parsed.issuer()),
            names: names(&parsed),
            not_before: time(parsed.validity().not_before)?,
            not_after: time(parsed.validity().not_after)?,
            key: Key::of(parsed.public_key()),
            issuer_at: issuer_at(&parsed),
            self_issued: parsed.subject().as_raw() == parsed.issuer().as_raw(),
            fingerprint: fingerprint(der),
        })
    }

    /// The length of the certificate at the start of `der`; none without one.
    pub(crate) fn length(der: &[u8]) -> Option<usize> {
        let (rest, _) = parse_x509_certificate(der).ok()?;
        Self::of(der).map(|_| der.len() - rest.len())
    }

    /// The validity at that time.
    #[must_use]
    pub fn validity(&self, now: OffsetDateTime) -> Validity {
        Validity::new(self.not_before, self.not_after, now)
    }
}

fn name(name: &X509Name<'_>) -> String {
    let text = printable(&name.to_string());
    if text.is_empty() { "a certificate without a subject".to_owned() } else { text }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    extension.value.general_names.iter().filter_map(stated).map(|name| printable(&name)).collect()
}

fn stated(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(octets) => {
            let four = <[u8; 4]>::try_from(*octets).map(IpAddr::from);
            let address = four.or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

fn issuer_at(certificate: &X509Certificate<'_>) -> Option<String> {
    certificate.extensions().iter().find_map(|extension| {
        let ParsedExtension::AuthorityInfoAccess(access) = extension.parsed_extension() else { return None };
        access.accessdescs.iter().find_map(|description| match description.access_location {
            GeneralName::URI(uri) if description.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS => {
                Some(printable(uri))
            }
            _ => None,
        })
    })
}

fn fingerprint(der: &[u8]) -> String {
    let bytes: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read_and_other_der_is_refused() {
        let names = ["relay.example", "192.0.2.1", "2001:db8::1"].map(str::to_owned);
        let made = rcgen::generate_simple_self_signed(names.to_vec()).unwrap();
        let details = Details::of(made.cert.der()).unwrap();
        assert_eq!(details.names, names);
        assert!(details.self_issued);
        assert_eq!(details.fingerprint.len(), 32 * 3 - 1);
        assert!(Details::of(&made.cert.der()[..40]).is_none());
    }
}
