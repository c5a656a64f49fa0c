//! Names of unsupported encryption schemes.

use der::asn1::ObjectIdentifier;

/// By object identifier (OID): RFC 7292 C, RFC 8018 A and B, RFC 9579 and the lists of national ciphers.
const NAMES: [(&str, &str); 24] = [
    ("1.2.840.113549.1.12.1.1", "128-bit RC4"),
    ("1.2.840.113549.1.12.1.2", "40-bit RC4"),
    ("1.2.840.113549.1.5.1", "DES with MD2"),
    ("1.2.840.113549.1.5.3", "DES with MD5"),
    ("1.2.840.113549.1.5.4", "RC2 with MD2"),
    ("1.2.840.113549.1.5.6", "RC2 with MD5"),
    ("1.2.840.113549.1.5.10", "DES with SHA-1"),
    ("1.2.840.113549.1.5.11", "RC2 with SHA-1"),
    ("1.2.840.113549.3.2", "RC2 in PBES2"),
    ("1.2.840.113549.3.9", "RC5 in PBES2"),
    ("1.3.14.3.2.7", "DES in PBES2"),
    ("2.16.840.1.101.3.4.1.6", "AES-128-GCM in PBES2"),
    ("2.16.840.1.101.3.4.1.26", "AES-192-GCM in PBES2"),
    ("2.16.840.1.101.3.4.1.46", "AES-256-GCM in PBES2"),
    ("1.2.392.200011.61.1.1.1.2", "Camellia-128"),
    ("1.2.392.200011.61.1.1.1.3", "Camellia-192"),
    ("1.2.392.200011.61.1.1.1.4", "Camellia-256"),
    ("1.2.410.200004.1.4", "SEED"),
    ("1.2.410.200046.1.1.12", "ARIA-192"),
    ("1.2.410.200046.1.1.14", "ARIA-256"),
    ("1.2.156.10197.1.104.2", "SM4"),
    ("1.2.156.10197.1.401.2", "HMAC-SM3"),
    ("1.2.643.2.2.21", "GOST 28147-89"),
    ("1.2.643.7.1.1.4.2", "GOST R 34.11-2012"),
];

/// The name of an algorithm, or its OID if it has no name here.
pub(super) fn name(oid: ObjectIdentifier) -> String {
    let known = NAMES.iter().find(|(number, _)| oid.to_string() == *number);
    known.map_or_else(|| format!("algorithm {oid}"), |(_, name)| (*name).to_owned())
}
