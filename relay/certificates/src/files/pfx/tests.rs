use super::*;
use crate::fault::PasswordOrigin;

macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("files/", $name, ".pfx")) as &[u8])
    };
}

/// Files with the password `mango`; `files/README.md` lists the programs that wrote them.
const FILES: [(&str, &[u8]); 11] = [
    file!("3des"),
    file!("aes-256"),
    file!("ber"),
    file!("bouncy-castle"),
    file!("node-forge"),
    file!("old-firefox"),
    file!("pbes2-3des"),
    file!("prf-sha1"),
    file!("rc2-40"),
    file!("scrypt-nested"),
    file!("unknown-mac"),
];

/// Files with other passwords.
const OTHERS: [(&str, &[u8], &str); 4] = [
    ("emoji-password", file!("emoji-password").1, "mango🥭"),
    ("keytool", file!("keytool").1, "mangomango"),
    ("dotnet-null", file!("dotnet-null").1, ""),
    ("openssl-1.0-chinese", file!("openssl-1.0-chinese").1, "芒果🥭"),
];

fn is_wrong_password(opened: &Result<Identity, TlsFault>) -> bool {
    matches!(opened, Err(TlsFault::WrongPassword(PasswordOrigin::Caller)))
}

#[test]
fn every_protection_opens_with_its_password_only() {
    let with_mango = FILES.iter().map(|(name, bytes)| (*name, *bytes, "mango"));
    for (name, bytes, right) in with_mango.chain(OTHERS) {
        let identity = Identity::from_pfx(bytes, right).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!((identity.chain().len(), identity.details().subject.is_empty()), (2, false), "{name}");
        for wrong in ["", "Mango", "mango ", "芒果"].into_iter().filter(|wrong| *wrong != right) {
            let opened = Identity::from_pfx(bytes, wrong);
            assert!(is_wrong_password(&opened), "{name}: {wrong:?}: {opened:?}");
        }
    }
}

#[test]
fn trailing_data_are_ignored_and_base64_is_decoded() {
    use base64::Engine;
    for (name, bytes) in FILES {
        let chain = Identity::from_pfx(bytes, "mango").unwrap().chain().to_vec();
        let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
        for other in [[bytes, b"\r\n"].concat(), [bytes, &[0; 700]].concat(), base64.into_bytes()] {
            assert_eq!(Identity::from_pfx(&other, "mango").unwrap().chain(), chain, "{name}");
        }
    }
}

#[test]
fn a_truncated_file_is_refused() {
    for (name, bytes) in FILES {
        for length in (0..bytes.len()).step_by(7) {
            let opened = Identity::from_pfx(&bytes[..length], "mango");
            assert!(
                matches!(opened, Err(TlsFault::NotPkcs12(_) | TlsFault::BadPkcs12(_))),
                "{name}: {length}: {opened:?}"
            );
        }
    }
}

#[test]
fn an_unsupported_scheme_is_named_and_is_not_a_wrong_password() {
    for (bytes, scheme) in [(file!("camellia").1, "Camellia-256"), (file!("rc4").1, "128-bit RC4")] {
        let opened = Identity::from_pfx(bytes, "mango");
        assert!(matches!(&opened, Err(TlsFault::PfxScheme(name)) if name == scheme), "{opened:?}");
        // The MAC still detects a wrong password.
        assert!(is_wrong_password(&Identity::from_pfx(bytes, "guava")));
    }
}

#[test]
fn a_key_with_another_password_is_reported() {
    let opened = Identity::from_pfx(file!("other-key-password").1, "mango");
    assert!(matches!(opened, Err(TlsFault::PfxKeyPassword)), "{opened:?}");
}

/// Changes each byte in turn. Opening gives a result or an error, in bounded time.
#[test]
fn a_damaged_file_does_not_panic() {
    let (_, bytes) = file!("3des");
    for index in 0..bytes.len() {
        let mut damaged = bytes.to_vec();
        damaged[index] ^= 0x80;
        if let Err(fault) = Identity::from_pfx(&damaged, "mango") {
            assert!(!fault.to_string().contains('\n'), "{fault}");
        }
    }
}

#[test]
fn too_many_iterations_are_refused_at_once() {
    let (_, bytes) = file!("aes-256");
    let (before, iterations) = bytes.split_at(bytes.len() - 4);
    assert_eq!(iterations, [2, 2, 8, 0], "the MAC's iterations come last");
    let mut file = [before, &[2, 4, 0x7F, 0xFF, 0xFF, 0xFF]].concat();
    // The lengths of the whole file and of the MAC around them.
    let checksum = bytes.len() - 67;
    assert_eq!(file[checksum..checksum + 2], [0x30, 65]);
    file[checksum + 1] += 2;
    file[3] += 2;
    let opened = Identity::from_pfx(&file, "mango");
    assert!(matches!(&opened, Err(TlsFault::PfxScheme(why)) if why.contains("hashed")), "{opened:?}");
}

/// Compares with another PKCS#12 library on each file that it supports. That library does not read nested bags, as in
/// `scrypt-nested`.
#[test]
fn keys_and_certificates_equal_those_of_another_library() {
    let mut compared = 0;
    for (name, bytes) in FILES.into_iter().filter(|(name, _)| *name != "scrypt-nested") {
        let Ok(other) = p12_keystore::Pkcs12Archive::from_pkcs12(bytes, "mango") else { continue };
        let Archive { keys, certificates } = Archive::open(bytes, "mango").unwrap();
        let found: Vec<&[u8]> = keys.iter().map(rustls::pki_types::PrivatePkcs8KeyDer::secret_pkcs8_der).collect();
        assert_eq!(found, other.keys.iter().map(|bag| bag.key.as_der()).collect::<Vec<_>>(), "{name}");
        let found: Vec<&[u8]> = certificates.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, other.certs.iter().map(|bag| bag.cert.as_der()).collect::<Vec<_>>(), "{name}");
        compared += 1;
    }
    assert!(compared >= 3, "{compared} files are compared");
}
