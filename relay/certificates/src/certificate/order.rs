//! The order of certificates in the handshake.

use rustls::pki_types::CertificateDer;
use x509_parser::parse_x509_certificate;

/// Builds a chain: the server's own certificate, each followed by its issuer's, as far as present. Files made by
/// Windows contain certificates in any order, and some that belong to no chain.
pub(crate) fn chain(own: usize, certificates: Vec<CertificateDer<'_>>) -> Vec<CertificateDer<'_>> {
    let mut left: Vec<Option<CertificateDer<'_>>> = certificates.into_iter().map(Some).collect();
    let mut chain = Vec::new();
    let mut next = Some(own);
    while let Some(certificate) = next.and_then(|index| left.get_mut(index)?.take()) {
        next = left.iter().position(|other| other.as_ref().is_some_and(|other| issued(other, &certificate)));
        chain.push(certificate);
    }
    chain
}

/// Builds the chain of certificates without a known server certificate. It starts with a certificate that issued none
/// of the others and is not self-issued, if there is one.
#[must_use]
pub fn in_order(certificates: Vec<CertificateDer<'_>>) -> Vec<CertificateDer<'_>> {
    let issued_none = |certificate: &CertificateDer<'_>| !certificates.iter().any(|other| issued(certificate, other));
    let ends: Vec<usize> = (0..certificates.len()).filter(|index| issued_none(&certificates[*index])).collect();
    let own = ends.iter().find(|index| !is_self_issued(&certificates[**index])).or(ends.first());
    chain(own.copied().unwrap_or_default(), certificates)
}

fn is_self_issued(certificate: &CertificateDer<'_>) -> bool {
    parse_x509_certificate(certificate).is_ok_and(|(_, parsed)| parsed.issuer().as_raw() == parsed.subject().as_raw())
}

/// Whether `issuer` issued `certificate` and is another certificate.
fn issued(issuer: &CertificateDer<'_>, certificate: &CertificateDer<'_>) -> bool {
    let (Ok((_, issuer)), Ok((_, certificate))) = (parse_x509_certificate(issuer), parse_x509_certificate(certificate))
    else {
        return false;
    };
    certificate.issuer().as_raw() == issuer.subject().as_raw()
        && certificate.issuer().as_raw() != certificate.subject().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

    fn params(name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    /// Server, intermediate, root, and an unrelated certificate.
    fn certificates() -> [CertificateDer<'static>; 4] {
        let key = || KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(params("root"), key()).unwrap();
        let intermediate = CertifiedIssuer::signed_by(params("intermediate"), key(), &root).unwrap();
        let server = params("server").signed_by(&key(), &intermediate).unwrap();
        let other = params("other").self_signed(&key()).unwrap();
        [server.der().clone(), intermediate.der().clone(), root.der().clone(), other.der().clone()]
    }

    #[test]
    fn every_order_gives_the_same_chain() {
        let certificates = certificates();
        proptest!(|(order in Just([0, 1, 2, 3]).prop_shuffle())| {
            let own = order.iter().position(|index| *index == 0).unwrap();
            let chain = chain(own, order.iter().map(|index| certificates[*index].clone()).collect());
            prop_assert_eq!(chain.as_slice(), &certificates[..3]);
            let found = in_order(order.iter().map(|index| certificates[*index].clone()).collect());
            prop_assert_eq!(found.as_slice(), &certificates[..3]);
        });
        assert_eq!(in_order(certificates[3..].to_vec()), certificates[3..]);
        assert!(in_order(Vec::new()).is_empty());
    }

    #[test]
    fn a_cycle_of_issuers_ends() {
        let key = || KeyPair::generate().unwrap();
        let (a, b) = (CertifiedIssuer::self_signed(params("a"), key()).unwrap(), params("b"));
        let b = CertifiedIssuer::signed_by(b, key(), &a).unwrap();
        let a_by_b = params("a").signed_by(&key(), &b).unwrap().der().clone();
        let circle = vec![a_by_b.clone(), b.der().clone(), a_by_b];
        assert_eq!(chain(0, circle.clone()).len(), 3);
        assert_eq!(in_order(circle[..2].to_vec()).len(), 2);
    }
}
