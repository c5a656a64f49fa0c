//! Shared test fixtures: a small model, pictures, and the real program.

use std::fs;
use std::io::{BufRead, Cursor};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::Path;
use std::process::{Command, ExitStatus, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use image::{ImageFormat, Rgb, RgbImage};
use mango_inference::network::{Architecture, LeafNet, Stage};
use mango_inference::{
    Backend, Calibration, Catalog, ClassId, Manifest, ModelBundle, ModelId, Precision, Predictor, Preprocessing,
    Provenance, View, Weights, WeightsFile, sha256,
};
use mango_relay_harness::Home;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use tempfile::TempDir;

/// The classes of the test model. Some classes of the catalog are left out for galleries.
const CLASSES: [&str; 8] = [
    "anthracnose",
    "bacterial_canker",
    "cutting_weevil",
    "die_back",
    "gall_midge",
    "healthy",
    "powdery_mildew",
    "sooty_mould",
];

/// A model with random weights in a temporary folder.
pub(crate) struct TestModel {
    folder: TempDir,
}

impl TestModel {
    pub(crate) fn new() -> Self {
        Self::seeded(7)
    }

    /// Different seeds give different models.
    pub(crate) fn seeded(seed: u32) -> Self {
        Self::with_weights(&mut Randomiser { state: seed, scale: 1.0 })
    }

    /// A model with finite weights so large that its outputs are not finite.
    pub(crate) fn broken() -> Self {
        Self::with_weights(&mut Randomiser { state: 7, scale: 3e38 })
    }

    fn with_weights(randomiser: &mut Randomiser) -> Self {
        let seed = randomiser.state;
        let stage = |channels, stride| Stage { expand: 2, channels, repeat: 1, stride, kernel: 3 };
        let architecture =
            Architecture { stem: 8, stages: vec![stage(8, 2), stage(16, 2)], head: Some(24), embedding_stage: 2 };
        let classes: Vec<ClassId> = CLASSES.map(|id| id.to_owned().try_into().unwrap()).to_vec();
        let network = {
            let length = architecture.embedding_len();
            LeafNet::new(&architecture, length, classes.len(), None, &Backend::default().device())
        };
        let weights = Weights::of(&network.map(randomiser)).encode(Precision::F32).unwrap();
        let manifest = Manifest {
            format: Manifest::FORMAT,
            model: ModelId { name: "test-random".to_owned(), version: "0.0.1".to_owned() },
            architecture,
            classes,
            parts: Default::default(),
            healthy: Default::default(),
            others: None,
            symptom: None,
            preprocessing: Preprocessing::efficientnet_lite(32, View::Squash),
            calibration: Calibration { temperature: 0.3, slope: 0.0, confident: 0.5 },
            domain: None,
            few_photos: Default::default(),
            weights: WeightsFile {
                file: "weights.bpk".to_owned(),
                sha256: sha256(&weights),
                precision: Precision::F32,
            },
            provenance: Provenance {
                base: "none".to_owned(),
                data: "none".to_owned(),
                license: "MIT".to_owned(),
                seed: seed.into(),
            },
            measured: Default::default(),
        };
        let folder = tempfile::tempdir().unwrap();
        ModelBundle::new(&manifest.to_json(), weights).unwrap().save(folder.path()).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn predictor(&self) -> Predictor {
        let bundle = ModelBundle::load(self.path()).unwrap();
        Predictor::new(&bundle, Backend::default()).unwrap().with_guilds(&Catalog::builtin().unwrap())
    }
}

/// Sets every parameter from one stream of random numbers, at a scale that keeps signals stable through the layers.
struct Randomiser {
    state: u32,
    /// The factor of every number.
    scale: f32,
}

impl Randomiser {
    /// -1 to 1 times the scale, by Marsaglia's xorshift.
    fn next(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        (self.state as f32 / u32::MAX as f32 * 2.0 - 1.0) * self.scale
    }
}

impl ModuleMapper for Randomiser {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| {
            let shape = tensor.dims();
            let inputs: usize = shape[1..].iter().product();
            // Large biases would hide the differences between pictures.
            let scale = if D == 1 { 0.1 } else { (6.0 / inputs as f32).sqrt() };
            let values = (0..shape.iter().product()).map(|_| self.next() * scale).collect();
            Tensor::from_data(TensorData::new(values, shape), &tensor.device())
        })
    }
}

/// A picture that differs from those of all other numbers below 64: its own colour, and stripes.
pub(crate) fn picture(number: u32) -> RgbImage {
    let colour = [number % 4, number / 4 % 4, number / 16 % 4].map(|step| 30 + step * 60);
    RgbImage::from_fn(96, 64, |x, y| Rgb(colour.map(|c| (c + (x * (number % 5) + y * (number % 7)) % 30) as u8)))
}

pub(crate) fn encode(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(number: u32) -> Vec<u8> {
    encode(&picture(number), ImageFormat::Jpeg)
}

/// The checksum of PNG's chunks (ISO 3309).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// The form of an upload from a phone.
pub(crate) fn form(photo: impl Into<Vec<u8>>) -> Form {
    Form::new().part("picture", Part::bytes(photo.into()).file_name("leaf.jpg"))
}

/// The form of several photos of one plant.
pub(crate) fn photos(photos: impl IntoIterator<Item = Vec<u8>>) -> Form {
    let part = |bytes| Part::bytes(bytes).file_name("leaf.jpg");
    photos.into_iter().fold(Form::new(), |form, photo| form.part("photo", part(photo)))
}

/// Status line and body of the next response on an HTTP/1.1 connection.
pub(crate) fn next_answer(reader: &mut impl BufRead) -> (String, String) {
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line
    };
    let status = line();
    let mut length = 0;
    loop {
        let header = line().to_ascii_lowercase();
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (status, String::from_utf8(body).unwrap())
}

/// A command for the program under test.
pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mango-relay"))
}

/// Checks that a response is a problem of that type, and returns its JSON.
pub(crate) async fn problem(answer: Response, status: u16, kind: &str) -> Value {
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json", "{answer:?}");
    let code = answer.status();
    let json: Value = answer.json().await.unwrap();
    assert_eq!(code, status, "{json}");
    assert_eq!(json["status"], status, "{json}");
    assert_eq!(json["type"], format!("urn:mango-scout:problem:{kind}"), "{json}");
    assert!(!json["title"].as_str().unwrap().is_empty(), "{json}");
    let detail = json["detail"].as_str().unwrap();
    assert!(!detail.is_empty() && !detail.contains(".rs") && !detail.contains("/tmp"), "{json}");
    json
}

/// Runs the relay with flags with which it cannot start, and returns its error.
pub(crate) fn refusal(flags: &[&str]) -> String {
    let home = Home::new().unwrap();
    let mut command = program();
    home.set(&mut command);
    let Output { status, stdout, stderr } = command.args(flags).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(!status.success(), "{stderr}");
    assert!(stdout.is_empty());
    stderr
}

/// A running `mango-relay` with a home folder of its own. Dropping it ends the process.
pub(crate) struct Relay {
    relay: mango_relay_harness::Relay,
    home: Home,
}

impl Deref for Relay {
    type Target = mango_relay_harness::Relay;

    fn deref(&self) -> &Self::Target {
        &self.relay
    }
}

impl Relay {
    /// Starts the relay on a free port and waits for its ready line.
    pub(crate) fn start(model: &TestModel, flags: &[&str]) -> Self {
        let mut arguments = vec!["--model", model.path().to_str().unwrap()];
        arguments.extend(flags);
        Self::start_in(Home::new().unwrap(), &arguments)
    }

    /// As [`Relay::start`], in that home; metrics are on a free port, so that many relays can run at once.
    pub(crate) fn start_in(home: Home, flags: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", home, flags)
    }

    /// The same on a given port.
    pub(crate) fn start_at(listen: &str, home: Home, flags: &[&str]) -> Self {
        Self::spawn(listen, home, &[&["--metrics-listen", "127.0.0.1:0"], flags].concat())
    }

    /// With metrics on the default port.
    pub(crate) fn start_as_it_comes(model: &TestModel) -> Self {
        Self::spawn("127.0.0.1:0", Home::new().unwrap(), &["--model", model.path().to_str().unwrap()])
    }

    /// As [`Relay::start_in`], by another program whose last arguments are the relay and its flags, and which becomes it.
    pub(crate) fn start_by(wrapper: &[&str], flags: &[&str]) -> Self {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(program().get_program());
        Self::spawned(
            command,
            "127.0.0.1:0",
            Home::new().unwrap(),
            &[&["--metrics-listen", "127.0.0.1:0"], flags].concat(),
        )
    }

    fn spawn(listen: &str, home: Home, flags: &[&str]) -> Self {
        Self::spawned(program(), listen, home, flags)
    }

    fn spawned(mut command: Command, listen: &str, home: Home, flags: &[&str]) -> Self {
        home.set(&mut command);
        command.args(["--listen", listen]).args(flags);
        let relay = mango_relay_harness::Relay::start(command, home.log()).unwrap();
        Self { relay, home }
    }

    /// The relay's standard error so far.
    pub(crate) fn log(&self) -> String {
        self.relay.log().unwrap()
    }

    /// Waits until the log contains that text.
    pub(crate) fn until_logged(&self, text: &str) {
        self.until_logged_times(1, text);
    }

    /// Waits until the log contains that text that many times.
    pub(crate) fn until_logged_times(&self, times: usize, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.log().matches(text).count() < times {
            assert!(Instant::now() < deadline, "{text:?} is not {times} times in the log: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The media type and the text of the metrics.
    pub(crate) async fn metrics(&self) -> (String, String) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(self.metrics_url().unwrap()).send().await.unwrap();
        (answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned(), answer.text().await.unwrap())
    }

    /// The value of one series, named without the prefix; 0 if it does not exist yet.
    pub(crate) async fn metric(&self, series: &str) -> f64 {
        let (_, text) = self.metrics().await;
        let value = text.lines().find_map(|line| {
            line.strip_prefix("mango_relay_")?
                .strip_prefix(series)?
                .strip_prefix(' ')
                .map(|value| value.parse().unwrap())
        });
        value.unwrap_or(0.0)
    }

    /// Waits until a series has that value.
    pub(crate) async fn until_metric(&self, series: &str, value: f64) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.metric(series).await != value {
            assert!(Instant::now() < deadline, "{series} is not {value} but {}", self.metric(series).await);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) fn certificate_pem(&self) -> Vec<u8> {
        let [chain, _] = self.home.certificate();
        fs::read(chain).expect("a development certificate in the user's cache")
    }

    /// A client that trusts only this relay's development certificate.
    pub(crate) fn client_builder(&self) -> reqwest::ClientBuilder {
        // Any test of the process may be the first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root = reqwest::Certificate::from_pem(&self.certificate_pem()).unwrap();
        reqwest::Client::builder().tls_certs_only([root]).no_proxy().timeout(Duration::from_secs(60))
    }

    pub(crate) fn client(&self) -> reqwest::Client {
        self.client_builder().build().unwrap()
    }

    /// A TLS connection for raw HTTP/1.1.
    pub(crate) fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&self.certificate_pem()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let socket = TcpStream::connect(self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket)
    }

    /// The relay's peak memory so far, bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_memory(&self) -> u64 {
        self.process.memory().unwrap().peak
    }

    /// The relay's processor time so far, seconds.
    #[cfg(target_os = "linux")]
    pub(crate) fn cpu_seconds(&self) -> f64 {
        self.process.cpu_seconds().unwrap()
    }

    /// Sends a signal by its name, such as `TERM`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        self.signals(&[name]);
    }

    /// Sends several signals, one right after the other.
    #[cfg(unix)]
    pub(crate) fn signals(&self, names: &[&str]) {
        self.process.signal(names).unwrap();
    }

    /// Waits for the relay to end.
    pub(crate) fn wait(&mut self, limit: Duration) -> ExitStatus {
        self.relay.process.wait(limit).unwrap()
    }

    /// Ends the relay and returns its home.
    pub(crate) fn stop(self) -> Home {
        self.home
    }
}
