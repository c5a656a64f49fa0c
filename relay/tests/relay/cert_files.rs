//! Tests of `cert show` and `cert convert`.

use std::fs;

use crate::pki::{PASSWORD, Pki};

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
        let said = pki.run(&["cert", "show", file], Some(PASSWORD));
        assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{file}");
        let out = said.stdout;
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
    let said = pki.run(&["cert", "show", "reversed.pem"], None).stdout;
    assert!(said.starts_with("1. CN=Test Root\n") && said.contains("3. CN=site\n"), "{said}");
    assert!(said.contains("\nchain: leads to CN=Test Root, which is no trusted root"), "{said}");
    pki.write("gap.pem", pki.read("root.pem") + &own);
    let said = pki.run(&["cert", "show", "gap.pem"], None).stdout;
    assert!(said.contains("\nchain: incomplete: the certificate of its issuer (CN=Test Intermediate)"), "{said}");
    for (file, status) in [("old.pem", "(expired 1 day ago)"), ("new.pem", "(not valid yet, begins in 23 hours)")] {
        let said = pki.run(&["cert", "show", file], None);
        assert!(said.stdout.contains(status), "{}", said.stdout);
    }
    let said = pki.run(&["cert", "show", "site.key"], None);
    assert!(said.code == 1 && said.stderr.contains("site.key: this is a private key"), "{}", said.stderr);
}

#[test]
fn show_trusts_a_given_root_and_warns_of_a_short_key() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.issue_weak("weak", &["relay.example"]);
    pki.pfx("site.pfx", "site.chain.pem", "site.key", &[]);
    for file in ["site.chain.pem", "site.pfx"] {
        let said = pki.run(&["cert", "show", file, "--root", "root.pem"], Some(PASSWORD));
        assert!(said.code == 0 && said.stdout.ends_with("\nchain: leads to a trusted root\n"), "{}", said.stdout);
        assert!(!said.stdout.contains("\nkey:"), "{}", said.stdout);
    }
    let said = pki.run(&["cert", "show", "site.pem", "--root", "root.pem"], None).stdout;
    assert!(said.contains("\nchain: incomplete"), "{said}");
    let said = pki.run(&["cert", "show", "weak.chain.pem", "--root", "root.pem"], None).stdout;
    assert!(
        said.contains("\n   key      RSA, 1024 bits\n") && said.contains("\nchain: leads to a trusted root"),
        "{said}"
    );
    assert!(said.contains("\nkey:   RSA, 1024 bits: phones refuse RSA keys of less than 2048 bits\n"), "{said}");
    for (root, expected) in [
        ("none.pem", "none.pem: cannot be read"),
        ("site.key", "site.key: this is a private key, and --root takes certificates in PEM"),
        ("site.pfx", "site.pfx: this is a PKCS#12 file, and --root takes certificates in PEM"),
    ] {
        let said = pki.run(&["cert", "show", "site.pem", "--root", root], None);
        assert!(said.code == 1 && said.stderr.contains(expected), "{}", said.stderr);
        assert!(!said.stderr.contains("--pfx") && !said.stderr.contains("--key"), "{}", said.stderr);
    }
}

#[test]
fn convert_prints_the_warnings_of_serve() {
    let pki = Pki::new();
    pki.issue("old", &["relay.example"], -90..-3);
    pki.pfx("old.pfx", "old.pem", "old.key", &[]);
    let said = pki.run(&["cert", "convert", "old.pfx"], Some(PASSWORD));
    assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{}", said.stdout);
    assert_eq!(pki.read("cert.pem"), pki.read("old.pem"));
    let warnings: Vec<&str> = said.stdout.lines().filter(|line| line.contains("warning: ")).collect();
    let [dates, chain] = warnings[..] else { panic!("{}", said.stdout) };
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
        let said = convert(&[]);
        assert!(said.code == 1 && said.stderr.contains(there) && said.stderr.contains("--force"), "{}", said.stderr);
        assert_eq!(pki.read(there), "mine");
        let other = if there == "cert.pem" { "key.pem" } else { "cert.pem" };
        assert!(!pki.path(other).exists(), "{other}");
        fs::remove_file(pki.path(there)).unwrap();
    }
    pki.write("key.pem", "mine");
    let said = convert(&["--force"]);
    assert_eq!((said.code, said.stderr.as_str()), (0, ""));
    assert_eq!(pki.read("cert.pem"), pki.read("site.chain.pem"));
    assert!(pki.read("key.pem").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(pki.path("key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let said = convert(&["--out", "site.pem/under"]);
    assert!(said.code == 1 && said.stderr.contains("cannot write site.pem/under"), "{}", said.stderr);
}
