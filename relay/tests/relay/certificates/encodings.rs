//! Certificates in unusual formats: PKCS#12 as text or with trailing bytes, unusual labels in PEM, and the errors of
//! unreadable files.

use std::fs;

use crate::certificates::pki::{PASSWORD, Pki};
use crate::common::{Relay, TestModel};

fn site() -> Pki {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki
}

#[test]
fn pkcs12_is_read_as_text_and_with_trailing_bytes() {
    let pki = site();
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &[]);
    let bytes = fs::read(pki.path("site.pfx")).unwrap();
    pki.openssl(&["base64", "-in", "site.pfx", "-out", "lines.txt"]);
    let lines = pki.read("lines.txt");
    let certutil =
        format!("-----BEGIN CERTIFICATE-----\r\n{}-----END CERTIFICATE-----\r\n", lines.replace('\n', "\r\n"));
    let powershell: Vec<u8> = format!("\u{FEFF}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    pki.write("one-line.txt", lines.replace('\n', ""));
    pki.write("certutil.pfx", certutil);
    pki.write("powershell.pfx", powershell);
    pki.write("line-end.pfx", [&bytes[..], b"\r\n"].concat());
    pki.write("padded.pfx", [&bytes[..], &[0; 512]].concat());
    for file in ["lines.txt", "one-line.txt", "certutil.pfx", "powershell.pfx", "line-end.pfx", "padded.pfx"] {
        let output = pki.run(&["cert", "convert", file, "--out", "out", "--force"], Some(PASSWORD));
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{file}");
        assert_eq!(pki.read("out/cert.pem"), pki.read("site.chain.pem"), "{file}");
    }
    for (flag, words) in [("--cert", "this is a PKCS#12 file; give it with --pfx"), ("--key", "this is a PKCS#12 file")]
    {
        let (certificate, key) = if flag == "--cert" { ("lines.txt", "site.key") } else { ("site.pem", "lines.txt") };
        let output = pki.run(&["--listen", "192.0.2.1:1", "--cert", certificate, "--key", key], None);
        assert!(output.code == 1 && output.stderr.contains(words), "{flag}: {}", output.stderr);
    }
    let output = pki.run(&["cert", "show", "lines.txt"], Some("wrong"));
    assert!(output.code == 1 && output.stderr.contains("wrong password"), "{}", output.stderr);
}

#[test]
fn an_unsupported_scheme_is_named_with_a_hint() {
    let model = TestModel::new();
    let pki = site();
    let rc4 = ["-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-40"];
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &rc4);
    for command in ["show", "convert"] {
        let output = pki.run(&["cert", command, "site.pfx"], Some(PASSWORD));
        assert_eq!(output.code, 1);
        assert!(output.stderr.contains("not supported (40-bit RC4), whatever the password"), "{}", output.stderr);
        assert!(!output.stderr.contains("wrong password"), "{}", output.stderr);
    }
    let output = pki.run(&["cert", "show", "site.pfx"], Some("wrong")).stderr;
    assert!(output.contains("wrong password"), "{output}");

    let output = pki.run(&["cert", "show", "site.pfx"], Some(PASSWORD)).stderr;
    let line = output.split('`').nth(1).unwrap().replace("FILE", "site.pfx");
    let words: Vec<&str> = line.split_whitespace().collect();
    let password = format!("pass:{PASSWORD}");
    pki.openssl(&[&words[1..], &["-passin", &password]].concat());
    let all = pki.text("all.pem");
    let relay = Relay::start(&model, &["--cert", &all, "--key", &all]);
    assert_eq!(pki.presented(relay.address, "relay.example").len(), 2);
}

#[test]
fn certificates_with_every_label_are_served() {
    let model = TestModel::new();
    let pki = site();
    let intermediate = pki.read("site.chain.pem").replacen(&pki.read("site.pem"), "", 1);
    // OpenSSL appends trust settings to the certificate.
    pki.openssl(&[
        "x509",
        "-in",
        "site.pem",
        "-trustout",
        "-addtrust",
        "serverAuth",
        "-setalias",
        "site",
        "-out",
        "trusted.pem",
    ]);
    let trusted = pki.read("trusted.pem");
    assert!(trusted.starts_with("-----BEGIN TRUSTED CERTIFICATE-----"), "{trusted}");
    let old = pki.read("site.pem").replace("CERTIFICATE", "X509 CERTIFICATE");
    for (name, first) in [("trusted", trusted), ("old", old)] {
        pki.write("chain.pem", first + &intermediate);
        let (certificate, key) = (pki.text("chain.pem"), pki.text("site.key"));
        let relay = Relay::start(&model, &["--cert", &certificate, "--key", &key]);
        assert_eq!(pki.presented(relay.address, "relay.example").len(), 2, "{name}");
        let output = pki.run(&["cert", "show", "chain.pem"], None).stdout;
        assert!(output.starts_with("1. CN=site\n") && output.contains("2. CN=Test Intermediate"), "{name}: {output}");
    }
}

#[test]
fn an_unreadable_block_is_reported_with_its_line() {
    let pki = site();
    let own = pki.read("site.pem").replace("\r\n", "\n");
    let key = pki.read("site.key").replace("\r\n", "\n");
    let line = own.lines().count() + 1;
    pki.openssl(&["crl2pkcs7", "-nocrl", "-certfile", "site.chain.pem", "-out", "site.p7b"]);
    let (head, tail) = own.split_at(own.len() / 2);
    for (second, words) in [
        (format!("{head}#{tail}"), "the block CERTIFICATE is damaged"),
        (head.to_owned(), "has no line -----END CERTIFICATE-----"),
        (own.replacen("CERTIFICATE", "CERTIFCATE", 2), "the block CERTIFCATE is not supported"),
        (own.replacen("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE---", 1), "not followed by a label"),
        (pki.read("site.p7b"), "the certificates of the block PKCS7 are not read"),
        (key.replace("PRIVATE KEY", "CERTIFICATE"), "the block CERTIFICATE holds a private key, not a certificate"),
    ] {
        pki.write("chain.pem", format!("{own}{second}"));
        for arguments in [&["cert", "show", "chain.pem"][..], &["--cert", "chain.pem", "--key", "site.key"]] {
            let output = pki.run(arguments, None);
            let expected = format!("chain.pem: line {line}: ");
            assert!(
                output.code == 1 && output.stderr.contains(&expected) && output.stderr.contains(words),
                "{}",
                output.stderr
            );
        }
    }
    let damaged = key.replacen('\n', "\n#", 1);
    pki.write("two.key", format!("{own}{damaged}{key}"));
    let output = pki.run(&["--cert", "site.pem", "--key", "two.key"], None).stderr;
    assert!(output.contains(&format!("two.key: line {line}: the block PRIVATE KEY is damaged")), "{output}");
}

#[test]
fn huge_files_take_little_memory() {
    let pki = site();
    let file = fs::File::create(pki.path("huge.pem")).unwrap();
    file.set_len(1 << 36).unwrap();
    for arguments in [
        &["cert", "show", "huge.pem"][..],
        &["cert", "convert", "huge.pem"],
        &["--cert", "huge.pem", "--key", "site.key"],
    ] {
        let output = pki.run(arguments, None);
        assert!(output.code == 1 && output.stderr.contains("huge.pem: has more than 4 MiB"), "{}", output.stderr);
    }
}
