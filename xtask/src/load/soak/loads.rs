//! The clients of the load test, which run concurrently.

use std::cell::Cell;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use reqwest::{Body, StatusCode};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::reloads::Reloads;
use super::tally::Tally;
use crate::load::client::{Answer, Client, form};
use crate::load::server::Server;
use crate::load::trickle::Trickle;
use crate::relay;

/// Number of different photos.
const PHOTOS: u32 = 6;
/// Time after which a refused client retries: less than `Retry-After`, to keep the queue busy.
const RETRY: Duration = Duration::from_millis(500);
/// Bytes a second of a slow network, and of one below the relay's minimum of 2000.
const SLOW: [usize; 2] = [4000, 200];
/// Time in which the relay closes a silent connection.
const SILENCE: Duration = Duration::from_secs(30);

/// The requests and the expected responses.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    client: Client,
    /// A client with one HTTP/2 connection.
    shared: Client,
    address: SocketAddr,
    photos: Rc<Vec<Vec<u8>>>,
    /// The expected predictions of each photo, with either gallery.
    expected: Rc<Vec<Vec<Value>>>,
    tally: Tally,
}

/// The running clients.
#[derive(Debug)]
pub(super) struct Loads {
    stop: Rc<Cell<bool>>,
    clients: JoinSet<()>,
}

impl Plan {
    /// Computes the expected predictions with the program's command line.
    ///
    /// # Errors
    /// The program fails.
    pub(super) fn new(server: &Server, program: &Path, reloads: &Reloads, tally: &Tally) -> Result<Self> {
        let photos: Vec<Vec<u8>> = (0..PHOTOS).map(|number| relay::jpeg(number, relay::SIZE)).collect::<Result<_>>()?;
        let folder = tempfile::tempdir().context("no folder for photos")?;
        let files: Vec<_> = (0..PHOTOS).map(|number| folder.path().join(format!("{number}.jpg"))).collect();
        for (file, photo) in files.iter().zip(&photos) {
            fs::write(file, photo).context("cannot write a photo")?;
        }
        let mut expected = vec![Vec::new(); photos.len()];
        for gallery in &reloads.galleries {
            let mut predict = Command::new(program);
            predict.args(["predict", "--json", "--gallery"]).arg(gallery).args(&files);
            let output = predict.output().context("cannot start the relay")?;
            ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let lines = String::from_utf8(output.stdout)?;
            for (line, expected) in lines.lines().zip(&mut expected) {
                expected.push(serde_json::from_str::<Value>(line)?["prediction"].take());
            }
        }
        Ok(Self {
            client: Client::of(server)?,
            shared: Client::on_one_connection(server)?,
            address: server.socket(),
            photos: Rc::new(photos),
            expected: Rc::new(expected),
            tally: tally.clone(),
        })
    }

    fn body(&self, number: usize) -> Bytes {
        form("picture", &[&self.photos[number % self.photos.len()]])
    }

    /// Whether the response to an upload of that photo is correct.
    fn is_right(&self, number: usize, answer: &Answer) -> bool {
        answer.status == StatusCode::OK && json(answer).is_some_and(|json| self.expects(number, &json))
    }

    fn expects(&self, number: usize, answer: &Value) -> bool {
        self.expected[number % self.expected.len()].contains(answer)
    }

    /// Counts a response, and waits if the relay asks for a retry.
    async fn count(&self, kind: &'static str, answer: reqwest::Result<Answer>, is_right: impl FnOnce(&Answer) -> bool) {
        match answer {
            Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                self.tally.refused(kind);
                sleep(RETRY).await;
            }
            Ok(answer) if is_right(&answer) => self.tally.well(kind, answer.time),
            Ok(answer) => self.tally.wrong(kind, &answer),
            Err(error) => self.tally.fault(kind, format!("no answer: {error:?}")),
        }
    }

    async fn one(self, kind: &'static str, client: Client, stop: Rc<Cell<bool>>) {
        for number in 0.. {
            if stop.get() {
                return;
            }
            let answer = client.upload("/upload_image", self.body(number)).await;
            self.count(kind, answer, |answer| self.is_right(number, answer)).await;
        }
    }

    async fn several(self, stop: Rc<Cell<bool>>) {
        let photos: Vec<&[u8]> = self.photos.iter().map(Vec::as_slice).collect();
        while !stop.get() {
            let answer = self.client.upload("/v1/predict", form("photo", &photos)).await;
            let right = |answer: &Answer| {
                let json = json(answer).unwrap_or_default();
                let answers = json["photos"].as_array().map_or(&[][..], Vec::as_slice);
                answers.len() == photos.len()
                    && answers.iter().enumerate().all(|(number, answer)| self.expects(number, answer))
            };
            self.count("several photos", answer, right).await;
        }
    }

    async fn bad(self, stop: Rc<Cell<bool>>) {
        let photo = &self.photos[0];
        let cases: [(&str, Bytes, u16); 6] = [
            ("/upload_image", form("picture", &[b"a text"]), 415),
            ("/upload_image", form("picture", &[&photo[..photo.len() / 2]]), 422),
            ("/upload_image", form("photo", &[photo]), 400),
            ("/upload_image", form("picture", &[&vec![7; 9 << 20]]), 413),
            ("/v1/predict", form("photo", &[photo, b""]), 422),
            ("/674.jpg", Bytes::from_static(b"x"), 404),
        ];
        for (path, body, status) in cases.iter().cycle() {
            if stop.get() {
                return;
            }
            let answer = self.client.upload(path, body.clone()).await;
            self.count("faulty uploads", answer, |answer| answer.status.as_u16() == *status).await;
        }
    }

    async fn slow(self, rate: usize, kind: &'static str, expected: StatusCode, stop: Rc<Cell<bool>>) {
        while !stop.get() {
            let body = Body::wrap(Trickle::new(self.body(0), rate));
            let answer = self.client.upload("/upload_image", body).await;
            self.count(kind, answer, |answer| answer.status == expected).await;
        }
    }

    async fn leaving(self, stop: Rc<Cell<bool>>) {
        const KIND: &str = "clients that leave early";
        for number in 0.. {
            if stop.get() {
                return;
            }
            // Covers times from before the upload arrives to after the response.
            let leave_after = Duration::from_millis(5 * (number as u64 % 40));
            let upload = self.client.upload("/upload_image", self.body(number));
            match timeout(leave_after, upload).await {
                Err(_) => self.tally.well(KIND, leave_after),
                Ok(answer) => self.count(KIND, answer, |answer| self.is_right(number, answer)).await,
            }
        }
    }

    async fn silent(self, stop: Rc<Cell<bool>>) {
        const KIND: &str = "silent connections";
        while !stop.get() {
            let began = Instant::now();
            match TcpStream::connect(self.address).await {
                Ok(mut socket) => match timeout(SILENCE, socket.read(&mut [0; 16])).await {
                    Ok(_) => self.tally.well(KIND, began.elapsed()),
                    Err(_) => self.tally.fault(KIND, format!("still open after {SILENCE:?}")),
                },
                Err(error) => self.tally.fault(KIND, format!("cannot connect: {error}")),
            }
        }
    }
}

fn json(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

impl Loads {
    /// Starts all kinds of clients.
    pub(super) fn begin(plan: &Plan) -> Self {
        let mut loads = Self::begin_uploads(plan);
        let stop = &loads.stop;
        let clients = &mut loads.clients;
        clients.spawn_local(plan.clone().several(Rc::clone(stop)));
        clients.spawn_local(plan.clone().bad(Rc::clone(stop)));
        clients.spawn_local(plan.clone().leaving(Rc::clone(stop)));
        clients.spawn_local(plan.clone().slow(SLOW[0], "slow uploads", StatusCode::OK, Rc::clone(stop)));
        let too_slow = StatusCode::REQUEST_TIMEOUT;
        clients.spawn_local(plan.clone().slow(SLOW[1], "uploads that are too slow", too_slow, Rc::clone(stop)));
        for _ in 0..4 {
            clients.spawn_local(plan.clone().silent(Rc::clone(stop)));
        }
        loads
    }

    /// Starts only clients that upload valid photos and wait for the responses.
    pub(super) fn begin_uploads(plan: &Plan) -> Self {
        let (stop, mut clients) = (Rc::new(Cell::new(false)), JoinSet::new());
        for _ in 0..4 {
            clients.spawn_local(plan.clone().one("uploads, HTTP/1.1", plan.client.clone(), Rc::clone(&stop)));
            clients.spawn_local(plan.clone().one("uploads, HTTP/2", plan.shared.clone(), Rc::clone(&stop)));
        }
        Self { stop, clients }
    }

    /// Lets each client finish its current request.
    ///
    /// # Errors
    /// A client failed.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.stop.set(true);
        while let Some(ended) = self.clients.join_next().await {
            ended.context("a client failed")?;
        }
        Ok(())
    }
}
