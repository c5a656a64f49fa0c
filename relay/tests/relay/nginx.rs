//! Three relays behind nginx with the configuration of `relay/deploy`: whatever happens to one of them, every photo is
//! answered, with the same prediction.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::certificates::pki::Pki;
use crate::common::{Relay, TestModel, encode, form, jpeg};
use image::{ImageFormat, RgbImage};
use mango_inference::{Photo, Prediction};
use mango_relay_harness::Home;
use reqwest::StatusCode;
use tokio::task::JoinSet;

const HOST: &str = "relay.example";

/// The relays' model and certificate.
struct Site {
    pki: Pki,
    model: TestModel,
}

impl Site {
    fn new() -> Self {
        let pki = Pki::new();
        pki.issue("site", &[HOST], -1..90);
        Self { pki, model: TestModel::new() }
    }

    /// Starts a relay; port 0 takes a free one.
    fn relay(&self, port: u16) -> Relay {
        self.relay_with(port, &[])
    }

    fn relay_with(&self, port: u16, flags: &[&str]) -> Relay {
        let (chain, key) = (self.pki.text("site.chain.pem"), self.pki.text("site.key"));
        let model = self.model.path().to_str().unwrap();
        Relay::start_at(
            &format!("127.0.0.1:{port}"),
            Home::new().unwrap(),
            &[&["--model", model, "--cert", &chain, "--key", &key, "--workers", "1"], flags].concat(),
        )
    }

    /// A client that resolves the name and trusts the root.
    fn client(&self, address: SocketAddr, http2: bool) -> reqwest::Client {
        let builder = self.client_builder(address);
        let builder = if http2 { builder } else { builder.http1_only() };
        builder.build().unwrap()
    }

    fn client_builder(&self, address: SocketAddr) -> reqwest::ClientBuilder {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root = reqwest::Certificate::from_pem(self.pki.read("root.pem").as_bytes()).unwrap();
        let builder = reqwest::Client::builder().tls_certs_only([root]).resolve(HOST, address).no_proxy();
        builder.timeout(Duration::from_secs(30))
    }
}

/// A running nginx. Dropping it ends the process; if the test failed, its logs are printed.
struct Nginx(mango_relay_harness::Nginx);

impl Nginx {
    /// Runs the shipped configuration before these relays.
    fn start(pki: &Pki, relays: &[SocketAddr]) -> Self {
        let folder = pki.path("nginx");
        fs::create_dir(&folder).unwrap();
        let config = mango_relay_harness::NginxConfig {
            folder: &folder,
            chain: &pki.path("site.chain.pem"),
            key: &pki.path("site.key"),
            root: &pki.path("root.pem"),
            relays,
            processes: "worker_processes 2",
            severity: "warn",
        };
        Self(mango_relay_harness::Nginx::start(&config).unwrap())
    }

    fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// Ends nginx, and returns the access log and the error log.
    fn stop(mut self) -> [String; 2] {
        self.0.stop().unwrap();
        self.0.logs()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if thread::panicking() {
            for (name, log) in ["access log", "error log"].iter().zip(self.0.logs()) {
                // Normal lines are left out: one relay answered, or a body was buffered in a file.
                let odd = log.lines().filter(|line| {
                    !line.contains("is buffered to") && (!line.contains("\" 200 ") || line.contains(", 127.0.0.1:"))
                });
                let odd: Vec<&str> = odd.collect();
                eprintln!("{name}:\n{}", odd[odd.len().saturating_sub(60)..].join("\n"));
            }
        }
    }
}

/// A photo, and the expected prediction.
struct Question {
    photo: Vec<u8>,
    answer: Vec<u8>,
}

/// Photos that take long, photos that nginx buffers in a file, and small ones, with a relay's own predictions.
async fn questions(site: &Site, relay: &Relay) -> Vec<Question> {
    let noise = RgbImage::from_fn(900, 900, |x, y| {
        let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
        image::Rgb([(mixed >> 8) as u8, (mixed >> 16) as u8, (mixed >> 24) as u8])
    });
    let large = encode(&noise, ImageFormat::Png);
    assert!(large.len() > 1 << 20, "{} bytes stay in memory", large.len());
    let slow = encode(&RgbImage::new(2400, 2400), ImageFormat::Png);
    let (client, predictor) = (site.client(relay.address, true), site.model.predictor());
    let mut questions = Vec::new();
    for photo in [large, slow].into_iter().chain((0..10).map(jpeg)) {
        let url = format!("https://{HOST}:{}/upload_image", relay.address.port());
        let answer = client.post(url).multipart(form(photo.clone())).send().await.unwrap().bytes().await.unwrap();
        let prediction: Prediction = serde_json::from_slice(&answer).unwrap();
        assert_eq!(prediction, predictor.predict(&Photo::decode(&photo).unwrap()).unwrap());
        questions.push(Question { photo, answer: answer.to_vec() });
    }
    questions
}

/// A relay that did not trust the proxy would count all clients as one.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn forged_headers_take_nothing_from_other_clients() {
    let site = Site::new();
    let relay = site.relay_with(0, &["--trusted-proxy", "127.0.0.1", "--rate-limit", "2"]);
    let nginx = Nginx::start(&site.pki, &[relay.address; 3]);
    let url = format!("https://{HOST}:{}/", nginx.address().port());
    for own in [[127, 0, 0, 9], [127, 0, 0, 10]] {
        let client = site.client_builder(nginx.address()).local_address(std::net::IpAddr::from(own)).build().unwrap();
        for expected in [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
            let asked =
                client.get(&url).header("forwarded", "for=198.51.100.7").header("x-forwarded-for", "198.51.100.8");
            assert_eq!(asked.send().await.unwrap().status(), expected, "{own:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rolling_restarts_and_a_killed_relay_lose_no_request() {
    let site = Site::new();
    let mut relays: Vec<Relay> = (0..3).map(|_| site.relay(0)).collect();
    let addresses: Vec<SocketAddr> = relays.iter().map(|relay| relay.address).collect();
    let questions = Arc::new(questions(&site, &relays[0]).await);
    let nginx = Nginx::start(&site.pki, &addresses);

    // Counts for each client.
    let answered: Arc<[AtomicUsize; 6]> = Arc::default();
    let done = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for number in 0..answered.len() {
        let client = site.client(nginx.address(), number % 2 == 0);
        let url = format!("https://{HOST}:{}/upload_image", nginx.address().port());
        let (questions, answered, done) = (Arc::clone(&questions), Arc::clone(&answered), Arc::clone(&done));
        clients.spawn(async move {
            // Each client starts with another photo.
            for question in questions.iter().cycle().skip(number) {
                let upload = client.post(&url).multipart(form(question.photo.clone()));
                let answer = upload.send().await.unwrap_or_else(|error| panic!("lost: {error:?}"));
                let status = answer.status();
                let body = answer.bytes().await.unwrap_or_else(|error| panic!("cut off: {error:?}"));
                assert_eq!((status, &body), (StatusCode::OK, &question.answer.clone().into()));
                answered[number].fetch_add(1, Ordering::Relaxed);
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
    }
    let counts = || answered.each_ref().map(|count| count.load(Ordering::Relaxed));
    // Waits until every client has that many more responses. Open requests are then done, so that no photo loses one
    // relay after the other.
    let progress = |photos: usize| {
        let goals = counts().map(|count| count + photos);
        let deadline = Instant::now() + Duration::from_secs(60);
        while counts().iter().zip(goals).any(|(count, goal)| *count < goal) {
            assert!(Instant::now() < deadline, "the clients make no progress: {:?}", counts());
            thread::sleep(Duration::from_millis(10));
        }
    };
    tokio::task::block_in_place(|| {
        progress(5);
        for relay in &mut relays {
            let port = relay.address.port();
            relay.signal("TERM");
            assert!(relay.wait(Duration::from_secs(30)).success(), "{}", relay.log());
            progress(4);
            *relay = site.relay(port);
            progress(5);
        }
        for relay in &mut relays {
            let port = relay.address.port();
            relay.signal("KILL");
            progress(4);
            *relay = site.relay(port);
            progress(2);
        }
        relays.pop().unwrap().signal("KILL");
        progress(7);
    });
    done.store(true, Ordering::Relaxed);
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }

    let [log, errors] = nginx.stop();
    let uploads: Vec<&str> = log.lines().filter(|line| line.contains("POST /upload_image")).collect();
    assert_eq!(uploads.len(), counts().iter().sum::<usize>(), "each was asked once, and logged");
    // A request that a second relay answered has the addresses of both in its line.
    assert!(uploads.iter().any(|line| line.contains(", 127.0.0.1:")), "no relay was ever missed: {log}");
    let cut = errors.lines().filter(|line| line.contains("while reading response header from upstream"));
    assert!(cut.count() > 0, "no relay was killed over an upload: {errors}");
    assert!(!log.contains("127.0.0.1 ") && log.starts_with("127.0.0.0/24 "), "{log}");
    for address in addresses {
        assert!(log.contains(&address.to_string()), "{address} was never asked");
    }
}
