//! Tests of `cert check` for every documented kind of server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use crate::certificates::pki::{OpensslServer, Pki};
use crate::common::{Relay, TestModel};
use crate::galleries::fixtures::Run;
use mango_relay_harness::Home;

const HOST: &str = "relay.example";
const UNKNOWN_AUTHORITY: &str = "600001 errcode:-202 net::ERR_CERT_AUTHORITY_INVALID";
const WRONG_VERSION: &str = "600001 errcode:-113 net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH";

/// Runs `cert check` for `relay.example` at that address.
fn check(pki: &Pki, address: SocketAddr) -> Run {
    check_all(pki, address.port(), &[&address.ip().to_string()])
}

/// The same with several addresses.
fn check_all(pki: &Pki, port: u16, addresses: &[&str]) -> Run {
    let addresses: Vec<&str> = addresses.iter().flat_map(|address| ["--address", *address]).collect();
    let target = format!("{HOST}:{port}");
    pki.run(&[&["cert", "check", &target, "--root", "root.pem"], &addresses[..]].concat(), None)
}

/// Checks that the result is this error and these topics fail, and returns the output.
fn fails(pki: &Pki, address: SocketAddr, error: &str, topics: &[&str]) -> String {
    let Run { code, stdout, stderr } = check(pki, address);
    assert_eq!((code, stderr.as_str()), (1, ""), "{stdout}");
    let failed: Vec<&str> = stdout.lines().filter_map(|line| line.strip_prefix("FAIL  ")?.get(..12)).collect();
    let expected: Vec<&str> = topics.iter().copied().chain(["WeChat"]).collect();
    assert_eq!(failed.iter().map(|topic| topic.trim_end()).collect::<Vec<_>>(), expected, "{stdout}");
    assert!(stdout.lines().any(|line| line.ends_with(&format!("a phone would show: {error}"))), "{stdout}");
    // Each failure except the summary has a hint.
    assert!(stdout.matches("  → ").count() >= topics.len(), "{stdout}");
    stdout
}

/// A relay with a certificate from the folder.
fn relay(pki: &Pki, certificate: &str, key: &str, flags: &[&str]) -> Relay {
    relay_at("127.0.0.1:0", pki, certificate, key, flags)
}

/// The same at a given address.
fn relay_at(listen: &str, pki: &Pki, certificate: &str, key: &str, flags: &[&str]) -> Relay {
    let model = TestModel::new();
    let (certificate, key) = (pki.text(certificate), pki.text(key));
    let files = ["--model", model.path().to_str().unwrap(), "--cert", &certificate, "--key", &key];
    Relay::start_at(listen, Home::new().unwrap(), &[&files[..], flags].concat())
}

#[test]
fn a_full_chain_passes() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = relay(&pki, "site.chain.pem", "site.key", &[]);
    let Run { code, stdout, stderr } = check(&pki, server.address);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    assert!(!stdout.contains("FAIL") && !stdout.contains("note"), "{stdout}");
    for line in [
        "ok    TLS 1.2       accepted",
        "ok    TLS 1.3       accepted",
        "ok    certificates  2 sent: CN=site ← CN=Test Intermediate",
        "ok    chain         leads to a trusted root",
        "ok    name          relay.example is among: relay.example",
        "ok    ALPN          h2",
        "ok    GET /         HTTP/2.0 200 OK, the relay's hello",
        "ok    WeChat        no error",
    ] {
        assert!(stdout.contains(line), "{line}: {stdout}");
    }
    assert!(stdout.contains("ok    key           EC P-256, 256 bits"), "{stdout}");
    assert!(stdout.contains("ok    dates         expires in 89 days, on 20"), "{stdout}");

    // The test root is not a public one.
    let (target, address) = (format!("{HOST}:{}", server.address.port()), server.address.ip().to_string());
    let output = pki.run(&["cert", "check", &target, "--address", &address], None);
    assert!(output.code == 1 && output.stdout.contains(UNKNOWN_AUTHORITY), "{}", output.stdout);
}

#[test]
fn a_server_certificate_alone_is_an_incomplete_chain() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = relay(&pki, "site.pem", "site.key", &[]);
    let output = fails(&pki, server.address, UNKNOWN_AUTHORITY, &["chain"]);
    assert!(
        output.contains("incomplete") && output.contains("CN=Test Intermediate") && output.contains("append"),
        "{output}"
    );
}

#[test]
fn a_root_instead_of_the_intermediate_is_an_incomplete_chain() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    pki.write("site.chain.pem", pki.read("root.pem"));
    let server = OpensslServer::start(&pki, "site", &[]);
    let output = fails(&pki, server.address, UNKNOWN_AUTHORITY, &["chain"]);
    assert!(output.contains("sent: CN=site, CN=Test Root"), "{output}");
    assert!(output.contains("incomplete: the certificate of its issuer (CN=Test Intermediate) is missing"), "{output}");
}

#[test]
fn a_self_signed_certificate_is_not_trusted() {
    let pki = Pki::new();
    pki.self_signed("site", &[HOST]);
    let server = relay(&pki, "site.pem", "site.key", &[]);
    let output = fails(&pki, server.address, UNKNOWN_AUTHORITY, &["chain"]);
    assert!(output.contains("self-signed") && output.contains("public authority"), "{output}");
}

#[test]
fn a_wrong_host_name_is_reported_with_the_names_of_the_certificate() {
    let pki = Pki::new();
    pki.issue("site", &["other.example", "*.relay.example"], -1..90);
    let server = relay(&pki, "site.chain.pem", "site.key", &[]);
    let error = "600001 errcode:-200 net::ERR_CERT_COMMON_NAME_INVALID";
    let output = fails(&pki, server.address, error, &["name"]);
    assert!(output.contains("relay.example is not among: other.example, *.relay.example"), "{output}");
}

#[test]
fn an_expired_certificate_and_one_that_is_not_valid_yet_are_out_of_date() {
    let pki = Pki::new();
    for (name, days, text) in
        [("old", -90..-1, "expired 1 day ago, on 20"), ("new", 1..90, "is not valid yet: it begins in 23 hours, on 20")]
    {
        pki.issue(name, &[HOST], days);
        let server = OpensslServer::start(&pki, name, &[]);
        let output = fails(&pki, server.address, "600001 errcode:-201 net::ERR_CERT_DATE_INVALID", &["dates"]);
        assert!(output.contains(text), "{output}");
    }
}

#[test]
fn a_near_expiry_is_noted() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -80..10);
    let server = OpensslServer::start(&pki, "site", &[]);
    let output = check(&pki, server.address);
    assert_eq!(output.code, 0, "{}", output.stdout);
    assert!(output.stdout.contains("note  dates") && output.stdout.contains("renew it now"), "{}", output.stdout);
    // This server has no HTTP/2 and is not a relay; phones do not mind.
    assert!(output.stdout.contains("note  ALPN") && output.stdout.contains("note  GET /"), "{}", output.stdout);
}

#[test]
fn an_rsa_key_of_1024_bits_is_too_short() {
    let pki = Pki::new();
    pki.issue_weak("site", &[HOST]);
    let server = OpensslServer::start(&pki, "site", &["-cipher", "ALL:@SECLEVEL=0"]);
    let output = fails(&pki, server.address, "600001 errcode:-211 net::ERR_CERT_WEAK_KEY", &["key"]);
    assert!(output.contains("RSA, 1024 bits: phones refuse") && output.contains("make a new key"), "{output}");
}

/// On Linux all of 127.0.0.0/8 are local addresses.
#[cfg(target_os = "linux")]
#[test]
fn every_address_is_tried_and_a_dead_one_is_a_warning() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = relay(&pki, "site.chain.pem", "site.key", &[]);
    let port = server.address.port();
    for addresses in [["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]] {
        let Run { code, stdout, .. } = check_all(&pki, port, &addresses);
        assert!(code == 0 && !stdout.contains("FAIL"), "{stdout}");
        assert!(stdout.contains(&format!("ok    address       127.0.0.1:{port} takes connections")), "{stdout}");
        assert!(stdout.contains(&format!("WARN  address       127.0.0.2:{port}: ")), "{stdout}");
        assert!(stdout.contains("take the address (A record) out of the DNS"), "{stdout}");
        assert!(stdout.contains("the relay's hello"), "{stdout}");
    }
    let Run { code, stdout, .. } = check_all(&pki, port, &["127.0.0.2", "127.0.0.3"]);
    assert!(code == 1 && stdout.matches("FAIL  address").count() == 2, "{stdout}");
    assert!(stdout.contains("-102 net::ERR_CONNECTION_REFUSED"), "{stdout}");
}

/// On Linux all of 127.0.0.0/8 are local addresses.
#[cfg(target_os = "linux")]
#[test]
fn every_open_address_is_checked_and_the_worst_decides() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let good = relay(&pki, "site.chain.pem", "site.key", &[]);
    let port = good.address.port();
    let _incomplete = relay_at(&format!("127.0.0.2:{port}"), &pki, "site.pem", "site.key", &[]);
    for addresses in [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]] {
        let Run { code, stdout, .. } = check_all(&pki, port, &addresses);
        assert_eq!(code, 1, "{stdout}");
        let visits: Vec<&str> = stdout.split("note  address       ").skip(1).collect();
        assert_eq!(visits.len(), 2, "{stdout}");
        for (address, visit) in addresses.into_iter().zip(visits) {
            let chain =
                if address == "127.0.0.1" { "ok    chain         leads" } else { "FAIL  chain         incomplete" };
            assert!(visit.starts_with(&format!("{address}:{port}: ")) && visit.contains(chain), "{stdout}");
            assert!(visit.contains("ok    TLS 1.2") && visit.contains("the relay's hello"), "{stdout}");
        }
        assert!(stdout.trim_end().ends_with(&format!("a phone would show: {UNKNOWN_AUTHORITY}")), "{stdout}");
        assert_eq!(stdout.matches("WeChat").count(), 1, "{stdout}");
    }
}

#[test]
fn a_server_with_at_most_tls_1_1_is_too_old() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = OpensslServer::start(&pki, "site", &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    let output = fails(&pki, server.address, WRONG_VERSION, &["TLS 1.2", "TLS 1.3"]);
    assert!(output.contains("enable TLS 1.2 with current ciphers"), "{output}");
}

#[test]
fn a_server_with_only_tls_1_3_is_too_new() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = OpensslServer::start(&pki, "site", &["-tls1_3"]);
    let output = fails(&pki, server.address, WRONG_VERSION, &["TLS 1.2"]);
    assert!(output.contains("ok    TLS 1.3       accepted") && output.contains("older clients"), "{output}");
}

#[test]
fn the_tutorials_tls_1_2_passes() {
    let pki = Pki::new();
    pki.issue("site", &[HOST], -1..90);
    let server = relay(&pki, "site.chain.pem", "site.key", &["--tls", "1.2"]);
    let output = check(&pki, server.address);
    assert_eq!(output.code, 0, "{}", output.stdout);
    assert!(output.stdout.contains("note  TLS 1.3       refused"), "{}", output.stdout);
}

#[test]
fn a_server_without_tls_is_reported() {
    let pki = Pki::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let error = "600001 errcode:-107 net::ERR_SSL_PROTOCOL_ERROR";
    let output = fails(&pki, address, error, &["TLS 1.2", "TLS 1.3"]);
    assert!(output.contains("plain HTTP is not enough"), "{output}");

    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fails(&pki, gone, "600001 errcode:-102 net::ERR_CONNECTION_REFUSED", &["address"]);
    let output = pki.run(&["cert", "check", "nowhere.invalid"], None);
    assert!(output.code == 1 && output.stdout.contains("-105 net::ERR_NAME_NOT_RESOLVED"), "{}", output.stdout);
    let output = pki.run(&["cert", "check", &gone.to_string()], None);
    assert!(output.stdout.contains("FAIL  host") && output.stdout.contains("600002"), "{}", output.stdout);
    let output = pki.run(&["cert", "check", "https://relay.example/"], None);
    assert!(output.code != 0 && output.stderr.contains("without https://"), "{}", output.stderr);
}
