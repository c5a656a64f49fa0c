//! Start and shutdown of the real program.

use std::fs;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::common::{Relay, TestModel, form, jpeg, next_answer, refusal};
#[cfg(unix)]
use crate::stop::upload;
use mango_relay_harness::Home;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn the_development_certificate_is_announced_and_kept() {
    let model = TestModel::new();
    let flags = ["--model", text(model.path())];
    let relay = Relay::start_in(Home::new().unwrap(), &flags);
    assert!(relay.ready_line.ends_with("(model test-random 0.0.1)\n"), "{}", relay.ready_line);
    let log = relay.log();
    let announced: Vec<&str> = log.lines().filter(|line| line.contains("development certificate")).collect();
    assert_eq!(announced.len(), 1, "{log}");
    assert!(announced[0].contains("localhost") && announced[0].contains("cert.pem"), "{log}");
    let certificate = relay.certificate_pem();

    let relay = Relay::start_in(relay.stop(), &flags);
    assert_eq!(relay.certificate_pem(), certificate);
    assert_eq!(relay.client().get(relay.url("/")).send().await.unwrap().text().await.unwrap(), "hello");
}

#[tokio::test]
async fn a_given_certificate_is_served() {
    let model = TestModel::new();
    let files = tempfile::tempdir().unwrap();
    let (certificate, key) = (files.path().join("chain.pem"), files.path().join("key.pem"));
    let made = rcgen::generate_simple_self_signed(vec!["relay.example".to_owned()]).unwrap();
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let flags = ["--model", text(model.path()), "--cert", text(&certificate), "--key", text(&key)];
    let relay = Relay::start_in(Home::new().unwrap(), &flags);
    assert!(!relay.log().contains("development certificate"), "{}", relay.log());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()])
        .resolve("relay.example", relay.address)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("https://relay.example:{}/", relay.address.port());
    assert_eq!(client.get(url).send().await.unwrap().text().await.unwrap(), "hello");
}

#[tokio::test]
async fn both_tls_versions_are_supported() {
    use reqwest::tls::Version;
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for version in [Version::TLS_1_2, Version::TLS_1_3] {
        let client = relay.client_builder().tls_version_min(version).tls_version_max(version).build().unwrap();
        assert_eq!(client.get(relay.url("/")).send().await.unwrap().text().await.unwrap(), "hello");
    }
}

#[test]
fn start_errors_are_reported() {
    let model = TestModel::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = refusal(&["serve", "--model", text(model.path()), "--listen", &address]);
    assert!(error.contains(&address) && error.contains("--listen") && error.contains("another program"), "{error}");

    let error = refusal(&["--model", text(model.path()), "--cert", "missing.pem", "--key", "missing.key"]);
    assert!(error.contains("missing.pem"), "{error}");
    let error = refusal(&["--cert", "missing.pem"]);
    assert!(error.contains("--key"), "{error}");

    let nothing = tempfile::tempdir().unwrap();
    let error = refusal(&["--model", text(nothing.path())]);
    assert!(error.contains(text(&nothing.path().join("manifest.json"))), "{error}");
    fs::write(model.path().join("weights.bpk"), b"other").unwrap();
    let error = refusal(&["--model", text(model.path())]);
    assert!(error.contains("weights.sha256"), "{error}");
    let flags = ["--model", text(model.path()), "--device-model", text(nothing.path())];
    let error = refusal(&flags);
    for part in ["2 errors prevent the start", "weights.sha256", "manifest.json"] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_shutdown_answers_open_requests_and_exits_with_0() {
    let model = TestModel::new();
    for signal in ["TERM", "INT"] {
        let mut relay = Relay::start(&model, &[]);
        let (head, body) = upload(1);
        let mut open = BufReader::new(relay.connect());
        open.get_mut().write_all(head.as_bytes()).unwrap();
        // From now on the relay processes the request.
        assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 100"));
        relay.signal(signal);
        while TcpStream::connect(relay.address).is_ok() {
            thread::sleep(Duration::from_millis(10));
        }
        open.get_mut().write_all(&body).unwrap();
        assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 200"));
        assert!(relay.wait(Duration::from_secs(10)).success(), "{signal}: {}", relay.log());
    }
}

#[tokio::test]
async fn the_log_has_one_line_per_request_and_no_photo_data() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let upload = relay.client().post(relay.url("/upload_image?orchard=north")).multipart(form(jpeg(1)));
    upload.send().await.unwrap();
    let log = relay.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("/upload_image")).collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("POST") && lines[0].contains("200") && lines[0].contains("ms="), "{log}");
    assert!(!log.contains("leaf.jpg") && !log.contains("north"), "{log}");
}
