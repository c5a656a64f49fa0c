//! Parsing of ASN.1 elements.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag};

use crate::fault::TlsFault;

/// Most elements inside one element. A file with a certificate has at most ten.
const MAX_ELEMENTS: usize = 4096;

/// The object identifier of that text.
pub(super) const fn known(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// The error for a structure that is not PKCS#12.
pub(super) fn malformed<E>(_: E) -> TlsFault {
    TlsFault::BadPkcs12("its structure is not that of PKCS#12")
}

/// The only element of the DER.
pub(super) fn parse(der: &[u8]) -> Result<AnyRef<'_>, TlsFault> {
    AnyRef::from_der(der).map_err(malformed)
}

/// The elements inside a constructed element.
pub(super) fn elements(of: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, TlsFault> {
    let mut reader = SliceReader::new(of.value()).map_err(malformed)?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        if elements.len() == MAX_ELEMENTS {
            return Err(TlsFault::BadPkcs12("it has thousands of entries"));
        }
        elements.push(AnyRef::decode(&mut reader).map_err(malformed)?);
    }
    Ok(elements)
}

/// The elements of a sequence.
pub(super) fn sequence(of: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, TlsFault> {
    if of.header().tag() == Tag::Sequence { elements(of) } else { Err(malformed(())) }
}

pub(super) fn oid(of: AnyRef<'_>) -> Result<ObjectIdentifier, TlsFault> {
    of.decode_as().map_err(malformed)
}

pub(super) fn octets(of: AnyRef<'_>) -> Result<&[u8], TlsFault> {
    of.decode_as::<&OctetStringRef>().map(OctetStringRef::as_bytes).map_err(malformed)
}

pub(super) fn number(of: AnyRef<'_>) -> Result<u32, TlsFault> {
    of.decode_as().map_err(malformed)
}

/// Whether an element has the context-specific tag of that number.
pub(super) fn is_tagged(element: AnyRef<'_>, number: u32) -> bool {
    let tag = element.header().tag();
    tag.is_context_specific() && tag.number().value() == number
}

/// An algorithm and its parameters (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Algorithm<'a> {
    pub(super) oid: ObjectIdentifier,
    pub(super) parameters: Option<AnyRef<'a>>,
}

impl<'a> Algorithm<'a> {
    pub(super) fn of(element: AnyRef<'a>) -> Result<Self, TlsFault> {
        let parts = sequence(element)?;
        let [name, parameters @ ..] = &parts[..] else { return Err(malformed(())) };
        Ok(Self { oid: oid(*name)?, parameters: parameters.first().copied() })
    }

    /// The elements of its parameters.
    pub(super) fn parts(&self) -> Result<Vec<AnyRef<'a>>, TlsFault> {
        self.parameters.ok_or_else(|| malformed(())).and_then(sequence)
    }
}
