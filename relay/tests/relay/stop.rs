//! Shutdown of the real program under load.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, form, jpeg, next_answer};
use crate::limits::overload::several;
use mango_inference::{Photo, Prediction};
use mango_relay_harness::Form;
use reqwest::StatusCode;
use reqwest::header::CONNECTION;
use rustls::{ClientConnection, StreamOwned};

/// A signal this long after the first is not a repeat.
const REPEAT: Duration = Duration::from_millis(1200);

/// The header and body of a request.
pub(crate) fn upload(number: u32) -> (String, Vec<u8>) {
    let body = Form::new("x").part("form-data; name=\"picture\"", &jpeg(number)).into_body();
    let head = format!(
        "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    (head, body)
}

#[test]
fn every_accepted_upload_is_answered() {
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
async fn while_draining_the_relay_answers_and_closes_connections() {
    let model = TestModel::new();
    const DELAY: Duration = Duration::from_secs(12);
    let mut relay = Relay::start(&model, &["--drain-delay", "12s"]);
    let clients = [relay.client_builder().http1_only().build().unwrap(), relay.client()];
    for client in &clients {
        assert_eq!(client.get(relay.url("/readyz")).send().await.unwrap().status(), StatusCode::OK);
    }
    let sent = Instant::now();
    relay.signal("TERM");
    relay.until_metric("ready", 0.0).await;
    for client in &clients {
        let ready = client.get(relay.url("/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ready.text().await.unwrap(), "draining");
        assert_eq!(client.get(relay.url("/livez")).send().await.unwrap().status(), StatusCode::OK);
        // New connections are still accepted.
        for _ in 0..3 {
            let upload = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
            assert_eq!(upload.status(), StatusCode::OK);
            let closes = upload.headers().get(CONNECTION).is_some_and(|value| value == "close");
            assert_eq!(closes, upload.version() == reqwest::Version::HTTP_11);
        }
    }
    assert!(sent.elapsed() < DELAY, "too slow a machine for this test");
    assert!(relay.wait(DELAY + Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(sent.elapsed() >= DELAY);
}

#[tokio::test]
async fn queued_requests_of_one_http_2_connection_are_answered() {
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
fn a_second_signal_stops_at_once() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--drain-delay", "60s"]);
    let _open = relay.connect();
    relay.signal("TERM");
    relay.until_logged("stopping: not ready");
    thread::sleep(REPEAT);
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(relay.log().contains("second shutdown signal"), "{}", relay.log());
}

#[test]
fn a_second_signal_after_the_delay_waits_for_no_handshake() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--handshake-timeout", "60s", "--stop-timeout", "60s"]);
    let _silent = TcpStream::connect(relay.address).unwrap();
    // The silent connection is accepted before this one.
    let mut asked = BufReader::new(relay.connect());
    asked.get_mut().write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert!(next_answer(&mut asked).0.starts_with("HTTP/1.1 200"));
    relay.signal("TERM");
    relay.until_logged("stopping: no new connections");
    thread::sleep(REPEAT);
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(relay.log().contains("second shutdown signal"), "{}", relay.log());
}

#[test]
fn connections_accepted_before_the_shutdown_are_answered() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &[]);
    let mut late: Vec<_> = (0..8).map(|_| relay.connect()).collect();
    // Half of them have finished their handshake, and none has sent a request.
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
fn a_handshake_that_does_not_end_does_not_delay_the_shutdown() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--handshake-timeout", "60s", "--stop-timeout", "60s"]);
    let _silent = TcpStream::connect(relay.address).unwrap();
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(!relay.log().contains("cut"), "{}", relay.log());
}

#[test]
fn a_silent_socket_does_not_delay_the_shutdown() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--idle-timeout", "60s", "--stop-timeout", "60s"]);
    let mut silent = relay.connect();
    silent.conn.complete_io(&mut silent.sock).unwrap();
    relay.signal("TERM");
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
}

/// A connection on which the relay waits for the body of an upload, and the body.
fn uploading(relay: &Relay) -> (BufReader<StreamOwned<ClientConnection, TcpStream>>, Vec<u8>) {
    let (head, body) = upload(1);
    let mut open = BufReader::new(relay.connect());
    open.get_mut().write_all(head.as_bytes()).unwrap();
    assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 100"));
    (open, body)
}

#[test]
fn a_repeated_signal_counts_once() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &[]);
    let (mut open, body) = uploading(&relay);
    relay.signals(&["INT", "TERM", "INT"]);
    relay.until_logged("stopping: no new connections");
    thread::sleep(REPEAT);
    open.get_mut().write_all(&body).unwrap();
    assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 200"), "{}", relay.log());
    assert!(relay.wait(Duration::from_secs(10)).success(), "{}", relay.log());
    assert!(!relay.log().contains("again"), "{}", relay.log());
}

#[test]
fn cut_requests_get_an_error_and_are_logged() {
    let model = TestModel::new();
    for (flags, sent) in [(["--stop-timeout", "1s"], 1), (["--stop-timeout", "60s"], 2)] {
        let mut relay = Relay::start(&model, &flags);
        let (mut open, body) = uploading(&relay);
        open.get_mut().write_all(&body[..body.len() / 2]).unwrap();
        for _ in 0..sent {
            relay.signal("TERM");
            relay.until_logged("stopping: no new connections");
            thread::sleep(REPEAT);
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
