//! PKCS#12 files, and faulty PEM files, with the real program.

use std::fs;

use crate::certificates::pki::{PASSWORD, Pki};
use crate::common::{Relay, TestModel};
use mango_relay_harness::Home;

/// Formats of common programs, with the openssl flags that produce the same.
const WRITERS: [(&str, &[&str]); 13] = [
    ("OpenSSL 3, AES-256", &[]),
    ("OpenSSL 1.x and Tencent Cloud, RC2-40 and 3DES", &["-legacy", "-macalg", "sha1"]),
    ("OpenSSL 1.x with -descert, 3DES", &["-legacy", "-descert", "-macalg", "sha1"]),
    (
        "Windows and IIS, 3DES",
        &[
            "-legacy",
            "-descert",
            "-macalg",
            "sha1",
            "-iter",
            "2000",
            "-name",
            "relay.example",
            "-CSP",
            "Microsoft RSA SChannel Cryptographic Provider",
            "-LMK",
        ],
    ),
    ("Windows Server 2019 and later, AES-256 and SHA-256", &["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"]),
    ("PBES2 with AES-128", &["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"]),
    ("PBES2 with AES-192, SHA-384", &["-keypbe", "AES-192-CBC", "-certpbe", "AES-192-CBC", "-macalg", "sha384"]),
    ("PBES2 with 3DES, SHA-512", &["-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC", "-macalg", "sha512"]),
    ("RC2-128", &["-legacy", "-keypbe", "PBE-SHA1-RC2-128", "-certpbe", "PBE-SHA1-RC2-128"]),
    ("3DES with two keys", &["-legacy", "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-2DES", "-macalg", "sha224"]),
    ("certificates not encrypted", &["-certpbe", "NONE"]),
    ("nothing encrypted", &["-certpbe", "NONE", "-keypbe", "NONE"]),
    ("no checksum", &["-nomac"]),
];

#[test]
fn files_of_every_program_are_converted_with_and_without_chain() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    // Windows writes the server's own certificate last.
    let intermediate = pki.read("site.chain.pem").replacen(&pki.read("site.pem"), "", 1);
    pki.write("others.pem", intermediate);
    for (number, (writer, flags)) in WRITERS.into_iter().enumerate() {
        for (chained, expected) in [("no", "site.pem"), ("yes", "site.chain.pem")] {
            let mut flags = flags.to_vec();
            flags.extend(if chained == "yes" { &["-certfile", "others.pem"][..] } else { &[] });
            pki.pfx("site.pfx", "site.pem", "site.key", &flags);
            let out = format!("{number}-{chained}");
            let output = pki.run(&["cert", "convert", "site.pfx", "--out", &out], Some(PASSWORD));
            assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{writer}, chain: {chained}");
            assert_eq!(pki.read(&format!("{out}/cert.pem")), pki.read(expected), "{writer}, chain: {chained}");
            let public = |key: &str| pki.openssl(&["pkey", "-in", key, "-pubout"]);
            assert_eq!(public(&format!("{out}/key.pem")), public("site.key"), "{writer}, chain: {chained}");
        }
    }
}

#[test]
fn an_rsa_key_is_served_from_the_pkcs12_file() {
    let pki = Pki::new();
    pki.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "rsa.key",
        "-out",
        "root.pem",
        "-days",
        "30",
        "-subj",
        "/CN=relay.example",
        "-addext",
        "subjectAltName=DNS:relay.example",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]);
    pki.pfx("site.pfx", "root.pem", "rsa.key", &["-legacy", "-macalg", "sha1"]);
    pki.write("password.txt", format!("\u{FEFF}{PASSWORD}\r\n"));
    let model = TestModel::new();
    let (pfx, password) = (pki.text("site.pfx"), pki.text("password.txt"));
    let relay = Relay::start(&model, &["--pfx", &pfx, "--pfx-password-file", &password]);
    assert_eq!(pki.presented(relay.address, "relay.example").len(), 1);
    let log = relay.log();
    assert!(log.contains("for relay.example, until ") && !log.contains("development certificate"), "{log}");
    assert!(log.contains("self-signed") && !log.contains(PASSWORD), "{log}");
}

#[test]
fn each_error_of_a_pkcs12_file_has_its_own_hint() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.issue("other", &["relay.example"], -1..90);
    pki.pfx("site.pfx", "site.pem", "site.key", &[]);
    pki.pfx("keyless.pfx", "site.pem", "site.key", &["-nokeys"]);
    pki.openssl(&["pkcs12", "-export", "-nocerts", "-inkey", "site.key", "-out", "bare.pfx", "-passout", "pass:"]);
    // A truncated file.
    let whole = fs::read(pki.path("site.pfx")).unwrap();
    pki.write("cut.pfx", &whole[..whole.len() / 2]);
    pki.write("latin.txt", b"gr\xFCn\n");
    pki.write("photo.pfx", b"\xFF\xD8\xFF\xE0 a photo");
    pki.write("site.jks", b"\xFE\xED\xFE\xED\0\0\0\x02\0\0\0\x01");
    pki.write("site.bks", b"\0\0\0\x02\0\0\0\x14 a salt of twenty bytes");
    pki.write("site.zip", b"PK\x03\x04 relay.example_iis/");
    pki.openssl(&["x509", "-in", "site.pem", "-outform", "der", "-out", "site.cer"]);
    pki.write("empty.pfx", "");
    pki.write("page.pfx", "<!DOCTYPE html><html><body>Log in</body></html>");
    pki.write("wrong.txt", "wrong\n");
    for (arguments, password, expected) in [
        (&["site.pfx"][..], Some("wrong"), "wrong password in the environment variable MANGO_RELAY_PFX_PASSWORD"),
        (&["site.pfx"], Some(""), "wrong password in the environment variable MANGO_RELAY_PFX_PASSWORD"),
        (&["site.pfx", "--pfx-password-file", "wrong.txt"], Some(PASSWORD), "password in the first line of wrong.txt"),
        (&["site.pfx"], None, "MANGO_RELAY_PFX_PASSWORD"),
        (&["keyless.pfx"], Some(PASSWORD), "no private key; export it again"),
        (&["bare.pfx"], None, "no certificate; export it again"),
        (&["cut.pfx"], Some(PASSWORD), "this PKCS#12 file is damaged: it ends before its content does; copy"),
        (&["photo.pfx"], Some(PASSWORD), "not a PKCS#12 file, or a damaged one"),
        (&["site.jks"], None, "this is a Java keystore (JKS), not PKCS#12; turn it into PKCS#12 with `keytool -import"),
        (&["site.bks"], None, "this is a keystore of Bouncy Castle (BKS or UBER), not PKCS#12"),
        (&["site.zip"], None, "this is an archive (ZIP or the like), as authorities send; unpack it"),
        (&["site.cer"], None, "this is a certificate in binary (DER) without its private key"),
        (&["empty.pfx"], None, "the file is empty"),
        (&["page.pfx"], None, "this is a web page, not PKCS#12"),
        (&["site.pem"], Some(PASSWORD), "this is PEM, not PKCS#12"),
        (&["missing.pfx"], Some(PASSWORD), "cannot be read"),
        (&["site.pfx", "--pfx-password-file", "missing.txt"], Some(PASSWORD), "missing.txt: cannot be read"),
        (&["site.pfx", "--pfx-password-file", "latin.txt"], Some(PASSWORD), "latin.txt: the password is not text"),
    ] {
        let output = pki.run(&[&["cert", "convert"], arguments].concat(), password);
        assert_eq!(output.code, 1, "{arguments:?}");
        assert!(
            output.stderr.contains(expected) && output.stderr.contains(arguments[arguments.len() - 1]),
            "{}",
            output.stderr
        );
        assert!(!pki.path("key.pem").exists() && !pki.path("cert.pem").exists(), "{arguments:?}");
    }
}

#[test]
fn certificate_errors_are_reported_before_the_socket_opens() {
    let model = TestModel::new();
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.issue("other", &["relay.example"], -1..90);
    pki.issue("old", &["relay.example"], -90..-1);
    pki.issue("new", &["relay.example"], 1..90);
    pki.issue_weak("weak", &["relay.example"]);
    pki.pfx("old.pfx", "old.pem", "old.key", &[]);
    for (flags, expected) in [
        (&["--cert", "site.pem", "--key", "other.key"][..], "other.key: the private key does not belong"),
        (&["--cert", "old.pem", "--key", "old.key"], "old.pem: the certificate of CN=old expired 1 day ago, on "),
        (&["--pfx", "old.pfx"], "old.pfx: the certificate of CN=old expired 1 day ago, on "),
        (
            &["--cert", "new.pem", "--key", "new.key"],
            "new.pem: the certificate of CN=new is not valid yet: it begins in 23 hours, on ",
        ),
        (&["--cert", "site.pem", "--key", "weak.key"], "weak.key: its private key cannot be used"),
        (&["--cert", "weak.pem", "--key", "weak.key"], "weak.key: RSA, 1024 bits: phones refuse RSA keys of less"),
    ] {
        let model = model.path().to_str().unwrap();
        // The address is not available, but the certificate error comes first.
        let output = pki.run(&[&["--model", model, "--listen", "192.0.2.1:1"], flags].concat(), Some(PASSWORD));
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{flags:?}");
        assert!(output.stderr.contains(expected), "{flags:?}: {}", output.stderr);
    }
}

#[test]
fn a_wrong_file_is_recognised() {
    let model = TestModel::new();
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.pfx("site.pfx", "site.pem", "site.key", &[]);
    let locked = ["-aes256", "-passout", "pass:x"];
    pki.openssl(&[&["pkey", "-in", "site.key", "-out", "locked.key"], &locked[..]].concat());
    pki.openssl(&[&["pkey", "-in", "site.key", "-traditional", "-out", "old.key"], &locked[..]].concat());
    pki.openssl(&["pkey", "-in", "site.key", "-outform", "der", "-out", "key.der"]);
    pki.openssl(&["pkey", "-in", "site.key", "-pubout", "-out", "public.pem"]);
    pki.openssl(&["x509", "-in", "site.pem", "-outform", "der", "-out", "site.cer"]);
    pki.openssl(&["req", "-new", "-key", "site.key", "-subj", "/CN=relay.example", "-out", "site.csr"]);
    pki.openssl(&["crl2pkcs7", "-nocrl", "-certfile", "site.pem", "-out", "site.p7b"]);
    pki.write("page.pem", "<!DOCTYPE html><html><body>Log in</body></html>");
    pki.write("empty.pem", "");
    let starts = |flags: &[&str], file: &str, expected: &str| {
        let model = model.path().to_str().unwrap();
        let output = pki.run(&[&["--model", model, "--listen", "192.0.2.1:1"], flags].concat(), None);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{flags:?}");
        let line = format!("mango-relay: {file}: {expected}");
        assert!(output.stderr.starts_with(&line) && output.stderr.lines().count() == 1, "{flags:?}: {}", output.stderr);
    };
    for (file, expected) in [
        ("site.csr", "this is a request for a certificate (CSR); send it to an authority"),
        ("site.key", "this is a private key, which goes with --key"),
        ("old.key", "this is a private key, which goes with --key"),
        ("public.pem", "this is a public key, not a certificate"),
        (
            "site.cer",
            "this is a certificate in binary (DER), not in PEM; turn it into PEM with `openssl x509 -inform der",
        ),
        ("site.p7b", "these are certificates in PKCS#7"),
        ("site.pfx", "this is a PKCS#12 file; give it with --pfx"),
        ("page.pem", "this is a web page, not a certificate"),
        ("empty.pem", "the file is empty"),
    ] {
        starts(&["--cert", file, "--key", "site.key"], file, expected);
    }
    for (file, expected) in [
        ("site.pem", "this is a certificate, which goes with --cert; give its private key"),
        ("site.cer", "this is a certificate, which goes with --cert; give its private key"),
        ("locked.key", "the private key is encrypted; write it without its password with `openssl pkey -in FILE"),
        ("old.key", "the private key is encrypted; write it without its password with `openssl pkey -in FILE"),
        ("key.der", "this is a private key in binary (DER), not in PEM"),
        ("public.pem", "this is a public key; give the private key"),
        ("site.csr", "this is a request for a certificate (CSR); give the private key"),
        ("site.pfx", "this is a PKCS#12 file; give it with --pfx"),
        ("page.pem", "this is a web page, not a private key"),
        ("empty.pem", "the file is empty"),
    ] {
        starts(&["--cert", "site.pem", "--key", file], file, expected);
    }
}

#[test]
fn a_chain_is_sent_in_the_right_order_and_a_gap_is_a_warning() {
    let model = TestModel::new();
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    let own = pki.read("site.pem");
    let intermediate = pki.read("site.chain.pem").replacen(&own, "", 1);
    pki.write("turned.pem", pki.read("root.pem") + &intermediate + &own);
    let (certificate, key) = (pki.text("turned.pem"), pki.text("site.key"));
    let relay = Relay::start(&model, &["--cert", &certificate, "--key", &key]);
    assert_eq!(pki.presented(relay.address, "relay.example").len(), 3);
    assert!(relay.log().contains("leads to CN=Test Root, which is no trusted root"), "{}", relay.log());

    let relay = Relay::start_in(
        Home::new().unwrap(),
        &["--model", model.path().to_str().unwrap(), "--cert", &pki.text("site.pem"), "--key", &key],
    );
    let log = relay.log();
    assert!(log.contains("incomplete") && log.contains("CN=Test Intermediate") && log.contains("append"), "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_prompts_for_the_password_and_does_not_show_it() {
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};
    use std::thread;
    use std::time::Duration;
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.pfx("site.pfx", "site.pem", "site.key", &[]);
    // Runs a command in its own terminal.
    let mut script = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!("{} cert show {}", env!("CARGO_BIN_EXE_mango-relay"), pki.text("site.pfx")))
        .arg("/dev/null")
        .env_remove("MANGO_RELAY_PFX_PASSWORD")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut keyboard, mut screen) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let mut shown = Vec::new();
    while !String::from_utf8_lossy(&shown).contains("site.pfx: ") {
        let mut byte = [0];
        screen.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    // The echo is turned off right after the prompt.
    thread::sleep(Duration::from_secs(1));
    keyboard.write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    screen.read_to_end(&mut shown).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    assert!(script.wait().unwrap().success() && shown.contains("CN=site"), "{shown}");
    assert!(!shown.contains(PASSWORD), "{shown}");
}
