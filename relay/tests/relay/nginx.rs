//! Three relays behind nginx with the configuration of `relay/deploy`: whatever happens to one of them, every photo is
//! answered, with the same prediction.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, encode, form, jpeg};
use crate::pki::Pki;
use image::{ImageFormat, RgbImage};
use mango_inference::{Photo, Prediction};
use mango_relay_harness::Home;
use reqwest::StatusCode;
use tokio::task::JoinSet;

const HOST: &str = "relay.example";
/// The shipped configuration.
const CONFIGURATION: &str = include_str!("../../deploy/nginx/mango-relay.conf");

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

/// A running nginx. Dropping it ends the process.
struct Nginx {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

impl Nginx {
    /// Runs the shipped configuration with the names, ports and paths of this test.
    fn start(pki: &Pki, relays: &[SocketAddr]) -> Self {
        let folder = pki.path("nginx");
        fs::create_dir(&folder).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let within = |file: &str| folder.join(file).to_str().unwrap().to_owned();
        let mut changes = vec![
            ("listen 443 ssl http2;".to_owned(), format!("listen {address} ssl http2;")),
            ("    listen [::]:443 ssl http2;\n".to_owned(), String::new()),
            ("/etc/nginx/mango-relay/cert.pem".to_owned(), pki.text("site.chain.pem")),
            ("/etc/nginx/mango-relay/key.pem".to_owned(), pki.text("site.key")),
            ("/etc/nginx/mango-relay/relays-root.pem".to_owned(), pki.text("root.pem")),
            ("/var/log/nginx/mango-relay.log".to_owned(), within("access.log")),
            ("/var/log/nginx/mango-relay-error.log crit".to_owned(), within("error.log") + " warn"),
            ("/run/mango-relay-uploads".to_owned(), within("uploads")),
        ];
        changes.extend(
            relays
                .iter()
                .enumerate()
                .map(|(index, relay)| (format!("relay-{}.example:8443", index + 1), relay.to_string())),
        );
        let site = changes.iter().fold(CONFIGURATION.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is not in the configuration");
            text.replace(from, to)
        });
        fs::write(folder.join("site.conf"), site).unwrap();
        fs::write(folder.join("nginx.conf"), main_configuration(&folder)).unwrap();

        let checked = nginx(&folder).arg("-t").output().expect("the program nginx, which these relays stand behind");
        let output = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{output}");
        let mut child = nginx(&folder).stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(address).is_err() {
            assert!(child.try_wait().unwrap().is_none() && Instant::now() < deadline, "nginx does not start");
            thread::sleep(Duration::from_millis(20));
        }
        Self { child, folder, address }
    }

    /// Ends nginx, and returns its logs: the access log with one line for each request, and the error log.
    fn stop(mut self) -> [String; 2] {
        self.signal("QUIT");
        assert!(self.child.wait().unwrap().success());
        ["access.log", "error.log"].map(|file| fs::read_to_string(self.folder.join(file)).unwrap())
    }

    fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if thread::panicking() {
            for file in ["access.log", "error.log"] {
                let log = fs::read_to_string(self.folder.join(file)).unwrap_or_default();
                // Normal lines are left out: one relay answered, or a body was buffered in a file.
                let odd = log.lines().filter(|line| {
                    !line.contains("is buffered to") && (!line.contains("\" 200 ") || line.contains(", 127.0.0.1:"))
                });
                let odd: Vec<&str> = odd.collect();
                eprintln!("{file}:\n{}", odd[odd.len().saturating_sub(60)..].join("\n"));
            }
        }
        // SIGKILL would leave its workers running.
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.signal("TERM");
            let _ = self.child.wait();
        }
    }
}

fn nginx(folder: &Path) -> Command {
    // On Debian it is in a folder that only root's PATH contains.
    let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].into_iter().find(|path| Path::new(path).exists());
    let mut command = Command::new(program.unwrap_or("nginx"));
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("start.log"));
    command
}

/// The main configuration, as in a distribution's `nginx.conf`.
fn main_configuration(folder: &Path) -> String {
    // The workers of an nginx started by root run as another user, who may not enter the test's folder.
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0";
    let user = if is_root { "user root;" } else { "" };
    let folder = folder.display();
    format!(
        "{user} daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/start.log;
         events {{ worker_connections 512; }}
         http {{
             proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
             scgi_temp_path {folder}/scgi;
             include {folder}/site.conf;
         }}\n"
    )
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
    let url = format!("https://{HOST}:{}/", nginx.address.port());
    for own in [[127, 0, 0, 9], [127, 0, 0, 10]] {
        let client = site.client_builder(nginx.address).local_address(std::net::IpAddr::from(own)).build().unwrap();
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
        let client = site.client(nginx.address, number % 2 == 0);
        let url = format!("https://{HOST}:{}/upload_image", nginx.address.port());
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
