//! Tests of `cert show` and `cert convert`.

use std::fs;

use crate::certificates::pki::{PASSWORD, Pki};

#[test]
fn show_prints_each_certificate_and_the_trust_of_the_chain() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example", "192.0.2.1"], -1..90);
    pki.issue("old", &["relay.example"], -90..-1);
    pki.issue("new", &["relay.example"], 1..90);
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &[]);
    pki.openssl(&["x509", "-in", "site.pem", "-outform", "der", "-out", "site.cer"]);
    let print = pki.openssl(&["x509", "-in", "site.pem", "-noout", "-fingerprint", "-sha256"]);
    let fingerprint = print.trim().split_once('=').unwrap().1;
    for (file, certificates) in [("site.chain.pem", 2), ("site.pfx", 2), ("site.pem", 1), ("site.cer", 1)] {
        let output = pki.run(&["cert", "show", file], Some(PASSWORD));
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{file}");
        let out = output.stdout;
        assert!(out.starts_with("1. CN=site\n   issuer   CN=Test Intermediate\n"), "{out}");
        assert!(out.contains("names    relay.example, 192.0.2.1\n") && out.contains("(expires in 89 days)\n"), "{out}");
        assert!(out.contains("\n   key      EC P-256, 256 bits\n"), "{out}");
        assert!(out.contains(&format!("SHA-256  {fingerprint}\n")), "{out}");
        assert_eq!(out.matches("SHA-256").count(), certificates, "{out}");
        assert!(out.contains("\nchain: incomplete"), "{out}");
    }
    // The relay sends them in order, wherever the server's own certificate is in the file.
    let (own, chain) = (pki.read("site.pem"), pki.read("site.chain.pem"));
    let intermediate = chain.strip_prefix(&own).unwrap();
    pki.write("reversed.pem", format!("{}{intermediate}{own}", pki.read("root.pem")));
    let output = pki.run(&["cert", "show", "reversed.pem"], None).stdout;
    assert!(output.starts_with("1. CN=Test Root\n") && output.contains("3. CN=site\n"), "{output}");
    assert!(output.contains("\nchain: leads to CN=Test Root, which is no trusted root"), "{output}");
    pki.write("gap.pem", pki.read("root.pem") + &own);
    let output = pki.run(&["cert", "show", "gap.pem"], None).stdout;
    assert!(output.contains("\nchain: incomplete: the certificate of its issuer (CN=Test Intermediate)"), "{output}");
    for (file, status) in [("old.pem", "(expired 1 day ago)"), ("new.pem", "(not valid yet, begins in 23 hours)")] {
        let output = pki.run(&["cert", "show", file], None);
        assert!(output.stdout.contains(status), "{}", output.stdout);
    }
    let output = pki.run(&["cert", "show", "site.key"], None);
    assert!(output.code == 1 && output.stderr.contains("site.key: this is a private key"), "{}", output.stderr);
}

#[test]
fn show_trusts_a_given_root_and_warns_of_a_short_key() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.issue_weak("weak", &["relay.example"]);
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &[]);
    for file in ["site.chain.pem", "site.pfx"] {
        let output = pki.run(&["cert", "show", file, "--root", "root.pem"], Some(PASSWORD));
        assert!(output.code == 0 && output.stdout.ends_with("\nchain: leads to a trusted root\n"), "{}", output.stdout);
        assert!(!output.stdout.contains("\nkey:"), "{}", output.stdout);
    }
    let output = pki.run(&["cert", "show", "site.pem", "--root", "root.pem"], None).stdout;
    assert!(output.contains("\nchain: incomplete"), "{output}");
    let output = pki.run(&["cert", "show", "weak.chain.pem", "--root", "root.pem"], None).stdout;
    assert!(
        output.contains("\n   key      RSA, 1024 bits\n") && output.contains("\nchain: leads to a trusted root"),
        "{output}"
    );
    assert!(output.contains("\nkey:   RSA, 1024 bits: phones refuse RSA keys of less than 2048 bits\n"), "{output}");
    for (root, expected) in [
        ("none.pem", "none.pem: cannot be read"),
        ("site.key", "site.key: this is a private key, and --root takes certificates in PEM"),
        ("site.pfx", "site.pfx: this is a PKCS#12 file, and --root takes certificates in PEM"),
    ] {
        let output = pki.run(&["cert", "show", "site.pem", "--root", root], None);
        assert!(output.code == 1 && output.stderr.contains(expected), "{}", output.stderr);
        assert!(!output.stderr.contains("--pfx") && !output.stderr.contains("--key"), "{}", output.stderr);
    }
}

#[test]
fn convert_prints_the_warnings_of_serve() {
    let pki = Pki::new();
    pki.issue("old", &["relay.example"], -90..-3);
    pki.pfx("old.pfx", "old.pem", "old.key", &[]);
    let output = pki.run(&["cert", "convert", "old.pfx"], Some(PASSWORD));
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
    assert_eq!(pki.read("cert.pem"), pki.read("old.pem"));
    let warnings: Vec<&str> = output.stdout.lines().filter(|line| line.contains("warning: ")).collect();
    let [dates, chain] = warnings[..] else { panic!("{}", output.stdout) };
    assert!(dates.starts_with("warning: ./cert.pem: expired 3 days ago, on 20"), "{dates}");
    assert!(chain.starts_with("warning: ./cert.pem: incomplete: ") && chain.contains("append it"), "{chain}");
}

#[test]
fn convert_overwrites_only_with_force() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &[]);
    let convert = |flags: &[&str]| pki.run(&[&["cert", "convert", "site.pfx"], flags].concat(), Some(PASSWORD));
    for there in ["cert.pem", "key.pem"] {
        pki.write(there, "mine");
        let output = convert(&[]);
        assert!(
            output.code == 1 && output.stderr.contains(there) && output.stderr.contains("--force"),
            "{}",
            output.stderr
        );
        assert_eq!(pki.read(there), "mine");
        let other = if there == "cert.pem" { "key.pem" } else { "cert.pem" };
        assert!(!pki.path(other).exists(), "{other}");
        fs::remove_file(pki.path(there)).unwrap();
    }
    pki.write("key.pem", "mine");
    let output = convert(&["--force"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_eq!(pki.read("cert.pem"), pki.read("site.chain.pem"));
    assert!(pki.read("key.pem").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(pki.path("key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let output = convert(&["--out", "site.pem/under"]);
    assert!(output.code == 1 && output.stderr.contains("cannot write site.pem/under"), "{}", output.stderr);
}
