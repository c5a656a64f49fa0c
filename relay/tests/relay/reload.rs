//! Certificate reload while the relay runs.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::certificates::pki::{PASSWORD, Pki};
use crate::common::{Relay, TestModel};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::task::JoinSet;

const HOST: &str = "relay.example";

/// Waits until the relay presents the certificate of that file.
fn wait_for(pki: &Pki, relay: &Relay, file: &str) {
    let expected = CertificateDer::from_pem_file(pki.path(file)).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while pki.presented(relay.address, HOST)[0] != expected {
        assert!(Instant::now() < deadline, "{file} is not presented; log: {}", relay.log());
        thread::sleep(Duration::from_millis(50));
    }
}

/// A client that trusts the root; with `kept` it reuses its connection.
fn client(pki: &Pki, relay: &Relay, kept: bool) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(pki.read("root.pem").as_bytes()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([root])
        .resolve(HOST, relay.address)
        .pool_max_idle_per_host(usize::from(kept))
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_across_ten_certificates_are_all_answered() {
    let pki = Pki::new();
    let issue = |name: &str| pki.issue(name, &[HOST], -1..90);
    issue("site");
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--cert", &pki.text("site.chain.pem"), "--key", &pki.text("site.key")]);
    let (answered, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut clients = JoinSet::new();
    // Two clients reuse their connections, two make one for each request.
    for number in 0..4 {
        let client = client(&pki, &relay, number < 2);
        let url = format!("https://{HOST}:{}/", relay.address.port());
        let (answered, done) = (Arc::clone(&answered), Arc::clone(&done));
        clients.spawn(async move {
            while !done.load(Ordering::Relaxed) || answered.load(Ordering::Relaxed) < 1000 {
                let answer = client.get(&url).send().await.unwrap_or_else(|error| panic!("dropped: {error:?}"));
                assert_eq!(answer.text().await.unwrap(), "hello");
                answered.fetch_add(1, Ordering::Relaxed);
                // A rate like that of a busy relay, which leaves time for the rest of the test.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    for number in 0..10 {
        let before = answered.load(Ordering::Relaxed);
        let name = format!("renewed{number}");
        issue(&name);
        for end in ["chain.pem", "key"] {
            fs::copy(pki.path(&format!("{name}.{end}")), pki.path(&format!("site.{end}"))).unwrap();
        }
        tokio::task::block_in_place(|| wait_for(&pki, &relay, &format!("{name}.pem")));
        assert!(answered.load(Ordering::Relaxed) > before, "nobody asked while certificate {number} came");
    }
    done.store(true, Ordering::Relaxed);
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    assert!(answered.load(Ordering::Relaxed) >= 1000);
}

#[test]
fn an_unusable_certificate_is_logged_and_the_old_one_stays() {
    let pki = Pki::new();
    for (name, days) in [("first", -1..90), ("second", -1..90), ("early", 1..90)] {
        pki.issue(name, &[HOST], days);
        pki.pfx(&format!("{name}.pfx"), &format!("{name}.chain.pem"), &format!("{name}.key"), &["-macalg", "sha1"]);
    }
    let put = |bytes: &[u8]| pki.put("site.pfx", bytes);
    let file = |name: &str| fs::read(pki.path(name)).unwrap();
    put(&file("first.pfx"));
    pki.write("password.txt", PASSWORD);
    let (pfx, password) = (pki.text("site.pfx"), pki.text("password.txt"));
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--pfx", &pfx, "--pfx-password-file", &password]);
    let logged = |text: &str| relay.until_logged(text);
    let whole = file("second.pfx");
    put(&whole[..whole.len() / 2]);
    logged("damaged");
    put(&file("early.pfx"));
    logged("is not valid yet: it begins in ");
    pki.put("password.txt", "another");
    logged(&format!("wrong password in the first line of {password}"));
    wait_for(&pki, &relay, "first.pem");
    assert_eq!(relay.log().matches("keeping the previous certificate").count(), 3, "{}", relay.log());

    pki.put("password.txt", PASSWORD);
    put(&whole);
    wait_for(&pki, &relay, "second.pem");
}

#[test]
fn expiry_is_logged_before_and_after_it_happens() {
    // The lifetime starts when the certificate is issued.
    let (model, pki) = (TestModel::new(), Pki::new());
    pki.issue_until("site", &[HOST], time::Duration::seconds(30));
    let relay = Relay::start(&model, &["--cert", &pki.text("site.pem"), "--key", &pki.text("site.key")]);
    let log = relay.log();
    let warned: Vec<&str> = log.lines().filter(|line| line.contains("WARN") && line.contains("expire")).collect();
    assert!(matches!(warned[..], [line] if line.contains("site.pem: expires in less than a minute, on 20")), "{log}");
    assert!(warned[0].contains("renew it") && warned[0].contains("without a restart"), "{log}");
    relay.until_logged("site.pem: expired less than a minute ago, on 20");

    pki.issue("renewed", &[HOST], -80..10);
    for end in ["key", "pem"] {
        pki.put(&format!("site.{end}"), pki.read(&format!("renewed.{end}")));
    }
    relay.until_logged("site.pem: expires in 9 days, on 20");
    assert_eq!(relay.log().matches("renew it at the authority").count(), 3, "{}", relay.log());
}
