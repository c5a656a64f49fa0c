//! Stopping the real program while it is busy.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, form, jpeg, next_answer};
use crate::overload::several;
use mango_inference::{Photo, Prediction};
use reqwest::StatusCode;
use reqwest::header::CONNECTION;
use rustls::{ClientConnection, StreamOwned};

/// A signal this long after the first is one of its own.
const ECHO: Duration = Duration::from_millis(1200);

/// A request's head, and its body.
pub(crate) fn upload(number: u32) -> (String, Vec<u8>) {
    let start = b"--x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\n".as_slice();
    let body = [start, &jpeg(number), b"\r\n--x--\r\n"].concat();
    let head = format!(
        "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    (head, body)
}

#[test]
fn every_upload_that_was_taken_is_answered() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--workers", "1"]);
    let predictor = model.predictor();
    let mut open: Vec<_> = (0..24)
        .map(|number| {
            let (head, body) = upload(number);
            let mut connection = BufReader::new(relay.connect());
            connection.get_mut().write_all(head.as_bytes()).unwrap();
            assert!(next_answer(&mut connection).0.starts_with("HTTP/1.1 100"));
            let half = body.len() / 2;
            connection.get_mut().write_all(&body[..half]).unwrap();
            (number, connection, body[half..].to_vec())
        })
        .collect();
    relay.signal("TERM");
    while TcpStream::connect(relay.address).is_ok() {
        thread::sleep(Duration::from_millis(10));
    }
    for (_, connection, rest) in &mut open {
        connection.get_mut().write_all(rest).unwrap();
    }
    for (number, connection, _) in &mut open {
        let (status, body) = next_answer(connection);
        assert!(status.starts_with("HTTP/1.1 200"), "upload {number}: {status}");
        let answer: Prediction = serde_json::from_str(&body).unwrap();
        assert_eq!(answer, predictor.predict(&Photo::decode(&jpeg(*number)).unwrap()).unwrap(), "upload {number}");
    }
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_drains_it_answers_and_sends_clients_elsewhere() {
    let model = TestModel::new();
    const DELAY: Duration = Duration::from_secs(12);
    let mut relay = Relay::start(&model, &["--drain-delay", "12s"]);
    let clients = [relay.client_builder().http1_only().build().unwrap(), relay.client()];
    for client in &clients {
        assert_eq!(client.get(relay.url("/readyz")).send().await.unwrap().status(), StatusCode::OK);
    }
    let told = Instant::now();
    relay.signal("TERM");
    relay.until_metric("ready", 0.0).await;
    for client in &clients {
        let ready = client.get(relay.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.text().await.unwrap(), "draining");
        assert_eq!(client.get(relay.url("/livez")).send().await.unwrap().status(), StatusCode::OK);
        // New connections are taken as well.
        for _ in 0..3 {
            let upload = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
            assert_eq!(upload.status(), StatusCode::OK);
            let closes = upload.headers().get(CONNECTION).is_some_and(|value| value == "close");
            assert_eq!(closes, upload.version() == reqwest::Version::HTTP_11);
        }
    }
    assert!(told.elapsed() < DELAY, "too slow a machine for this test");
    assert!(relay.wait(DELAY + Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(told.elapsed() >= DELAY);
}

#[tokio::test]
async fn what_waits_in_the_queue_is_answered_on_its_one_http_2_connection() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--workers", "1"]);
    let client = relay.client();
    let running = tokio::spawn(client.post(relay.url("/v1/predict")).multipart(several(4)).send());
    relay.until_metric("inference_running", 1.0).await;
    let uploads: Vec<_> = (0..8)
        .map(|number| tokio::spawn(client.post(relay.url("/upload_image")).multipart(form(jpeg(number))).send()))
        .collect();
    relay.until_metric("queue_waiting", 8.0).await;
    relay.signal("TERM");
    while TcpStream::connect(relay.address).is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!running.is_finished(), "too fast a machine for this test");
    for upload in uploads.into_iter().chain([running]) {
        assert_eq!(upload.await.unwrap().unwrap().status(), StatusCode::OK);
    }
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
}

#[test]
fn told_twice_it_waits_for_nothing() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--drain-delay", "60s"]);
    let _open = relay.connect();
    relay.signal("TERM");
    relay.until_logged("stopping: not ready");
    thread::sleep(ECHO);
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(relay.log().contains("second shutdown signal"), "{}", relay.log());
}

#[test]
fn told_twice_after_the_delay_it_waits_for_no_handshake() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--handshake-timeout", "60s", "--stop-timeout", "60s"]);
    let _silent = TcpStream::connect(relay.address).unwrap();
    // It is taken before this one is.
    let mut asked = BufReader::new(relay.connect());
    asked.get_mut().write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert!(next_answer(&mut asked).0.starts_with("HTTP/1.1 200"));
    relay.signal("TERM");
    relay.until_logged("stopping: no new connections");
    thread::sleep(ECHO);
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(relay.log().contains("second shutdown signal"), "{}", relay.log());
}

#[test]
fn who_came_in_before_the_door_was_shut_is_answered() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &[]);
    let mut late: Vec<_> = (0..8).map(|_| relay.connect()).collect();
    // Half of them have made their handshake, and none has asked.
    for connection in late.iter_mut().step_by(2) {
        connection.conn.complete_io(&mut connection.sock).unwrap();
    }
    relay.signal("TERM");
    while TcpStream::connect(relay.address).is_ok() {
        thread::sleep(Duration::from_millis(10));
    }
    for connection in &mut late {
        connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    for connection in late {
        let (status, body) = next_answer(&mut BufReader::new(connection));
        assert!(status.starts_with("HTTP/1.1 200") && body == "hello", "{status}");
    }
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
}

#[test]
fn a_socket_that_says_nothing_does_not_hold_up_the_end() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--idle-timeout", "60s", "--stop-timeout", "60s"]);
    let mut silent = relay.connect();
    silent.conn.complete_io(&mut silent.sock).unwrap();
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
}

/// A connection on which the relay waits for the body of an upload, and that body.
fn uploading(relay: &Relay) -> (BufReader<StreamOwned<ClientConnection, TcpStream>>, Vec<u8>) {
    let (head, body) = upload(1);
    let mut open = BufReader::new(relay.connect());
    open.get_mut().write_all(head.as_bytes()).unwrap();
    assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 100"));
    (open, body)
}

#[test]
fn a_signal_that_comes_twice_within_an_instant_is_one() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &[]);
    let (mut open, body) = uploading(&relay);
    relay.signals(&["INT", "TERM", "INT"]);
    relay.until_logged("stopping: no new connections");
    thread::sleep(ECHO);
    open.get_mut().write_all(&body).unwrap();
    assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 200"), "{}", relay.log());
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(!relay.log().contains("again"), "{}", relay.log());
}

#[test]
fn who_is_cut_is_told_so_and_logged_as_such() {
    let model = TestModel::new();
    for (flags, told) in [(["--stop-timeout", "1s"], 1), (["--stop-timeout", "60s"], 2)] {
        let mut relay = Relay::start(&model, &flags);
        let (mut open, body) = uploading(&relay);
        open.get_mut().write_all(&body[..body.len() / 2]).unwrap();
        for _ in 0..told {
            relay.signal("TERM");
            relay.until_logged("stopping: no new connections");
            thread::sleep(ECHO);
        }
        let (status, body) = next_answer(&mut open);
        assert!(
            status.starts_with("HTTP/1.1 503") && body.contains("urn:mango-scout:problem:stopping"),
            "{status}{body}"
        );
        assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
        let log = relay.log();
        let line = log.lines().find(|line| line.contains("/upload_image")).unwrap_or_else(|| panic!("{log}"));
        assert!(line.contains("cut: the relay stopped") && line.contains("status=503"), "{log}");
    }
}
