//! Every limit and every timeout, set low and then reached: real program, real sockets.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, encode, form, jpeg, next_answer, photos, picture, problem};
use image::ImageFormat;
use mango_relay_harness::Form;
use reqwest::StatusCode;
use rustls::{ClientConnection, StreamOwned};

/// The header of an upload whose body has that many bytes.
fn head(length: usize) -> String {
    format!(
        "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n\
         --x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\n"
    )
}

/// Sends 50 bytes every 100 ms until there is a response, and returns it.
fn answer_to_a_crawl(connection: &mut BufReader<StreamOwned<ClientConnection, TcpStream>>) -> (String, String) {
    let set_timeout = |connection: &BufReader<StreamOwned<_, TcpStream>>, time| {
        connection.get_ref().sock.set_read_timeout(Some(time)).unwrap();
    };
    set_timeout(connection, Duration::from_millis(100));
    let started = Instant::now();
    loop {
        connection.get_mut().write_all(&[7; 50]).unwrap();
        match connection.fill_buf() {
            Ok(_) => break,
            Err(error) => assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}"),
        }
        assert!(started.elapsed() < Duration::from_secs(30), "no answer");
    }
    set_timeout(connection, Duration::from_secs(40));
    next_answer(connection)
}

/// Checks that a client can continue to send after the response: a phone may read it only later.
fn may_send_on(connection: &mut BufReader<StreamOwned<ClientConnection, TcpStream>>) {
    for _ in 0..6 {
        connection.get_mut().write_all(&[7; 50]).unwrap();
        thread::sleep(Duration::from_millis(100));
    }
}

/// Seconds until the relay closes the connection.
fn closed_after(connection: &mut impl Read, started: Instant) -> f64 {
    let mut buffer = [0; 4096];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                assert!(!matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "still open: {error}");
                break;
            }
        }
    }
    started.elapsed().as_secs_f64()
}

/// Checks a duration with some tolerance, since this machine may be busy.
fn about(seconds: f64, range: Range<f64>) {
    assert!(range.contains(&seconds), "{seconds} s, not {range:?}");
}

#[test]
fn an_unfinished_handshake_times_out() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--handshake-timeout", "1s"]);
    let mut socket = TcpStream::connect(relay.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    about(closed_after(&mut socket, Instant::now()), 0.9..9.0);
    // The start of a ClientHello.
    let mut socket = TcpStream::connect(relay.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let started = Instant::now();
    socket.write_all(&[0x16, 3, 1, 2, 0, 1]).unwrap();
    about(closed_after(&mut socket, started), 0.9..9.0);
}

#[test]
fn a_slow_header_times_out() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--header-timeout", "2s", "--idle-timeout", "30s"]);
    let mut connection = relay.connect();
    connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Drip: ").unwrap();
    let started = Instant::now();
    while connection.write_all(b"x").and_then(|()| connection.flush()).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(20), "still open");
        thread::sleep(Duration::from_millis(100));
    }
    about(started.elapsed().as_secs_f64(), 1.5..10.0);
}

#[test]
fn idle_connections_of_every_protocol_are_closed() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--idle-timeout", "2s", "--header-timeout", "30s"]);
    let mut silent = relay.connect();
    silent.conn.complete_io(&mut silent.sock).unwrap();
    about(closed_after(&mut silent, Instant::now()), 1.5..10.0);

    let mut asked = BufReader::new(relay.connect());
    for _ in 0..2 {
        asked.get_mut().write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        assert!(next_answer(&mut asked).0.starts_with("HTTP/1.1 200"));
        // Less than the timeout, twice: each request restarts it.
        thread::sleep(Duration::from_millis(1200));
    }
    let started = Instant::now();
    about(closed_after(&mut asked, started), 0.3..10.0);
}

#[test]
fn an_http_2_connection_without_requests_is_idle() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--idle-timeout", "3s", "--header-timeout", "1s"]);
    let mut connection = relay.connect();
    let started = Instant::now();
    // The preface and an empty SETTINGS frame (RFC 9113, section 3.4).
    connection.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    about(closed_after(&mut connection, started), 2.5..12.0);
}

#[test]
fn a_stalled_or_too_slow_upload_gets_408() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--stall-timeout", "2s", "--least-rate", "2kB"]);
    let mut stalled = BufReader::new(relay.connect());
    stalled.get_mut().write_all(head(5000).as_bytes()).unwrap();
    let started = Instant::now();
    let (status, body) = next_answer(&mut stalled);
    about(started.elapsed().as_secs_f64(), 1.5..10.0);
    assert!(status.starts_with("HTTP/1.1 408") && body.contains("nothing arrived for 2s"), "{status}{body}");

    let mut crawling = BufReader::new(relay.connect());
    crawling.get_mut().write_all(head(100_000).as_bytes()).unwrap();
    let started = Instant::now();
    let (status, body) = answer_to_a_crawl(&mut crawling);
    about(started.elapsed().as_secs_f64(), 1.5..12.0);
    assert!(status.starts_with("HTTP/1.1 408") && body.contains("2000 bytes a second"), "{status}{body}");
    may_send_on(&mut crawling);
}

#[test]
fn a_slow_phone_above_the_minimum_rate_is_answered() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--stall-timeout", "2s", "--least-rate", "100B"]);
    let photo = jpeg(1);
    let body = Form::new("x").part("form-data; name=\"picture\"", &photo).into_body();
    let head = format!(
        "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n",
        body.len()
    );
    let mut connection = relay.connect();
    connection.write_all(head.as_bytes()).unwrap();
    let started = Instant::now();
    // About 6 s in all, three times the stall timeout.
    for chunk in body.chunks(body.len().div_ceil(20)) {
        connection.write_all(chunk).unwrap();
        thread::sleep(Duration::from_millis(300));
    }
    let (status, _) = next_answer(&mut BufReader::new(connection));
    assert!(status.starts_with("HTTP/1.1 200") && started.elapsed() > Duration::from_secs(5), "{status}");
}

#[test]
fn the_request_timeout_covers_the_whole_request() {
    let model = TestModel::new();
    let times = ["--request-timeout", "3s", "--stall-timeout", "2s", "--least-rate", "0", "--inference-timeout", "2s"];
    let relay = Relay::start(&model, &times);
    let mut connection = BufReader::new(relay.connect());
    connection.get_mut().write_all(head(100_000).as_bytes()).unwrap();
    let started = Instant::now();
    let (status, body) = answer_to_a_crawl(&mut connection);
    about(started.elapsed().as_secs_f64(), 2.5..12.0);
    assert!(status.starts_with("HTTP/1.1 408") && body.contains("within 3s"), "{status}{body}");
    may_send_on(&mut connection);
}

#[test]
fn an_unread_response_times_out() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--stall-timeout", "1s"]);
    let size = {
        let mut connection = BufReader::new(relay.connect());
        connection
            .get_mut()
            .write_all(b"GET /v1/device-model/weights HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut whole = Vec::new();
        let _ = connection.read_to_end(&mut whole);
        whole.len()
    };
    assert!(size > 100_000, "{size}");
    // More than the socket buffers hold.
    let asked = (64 << 20) / size;
    let mut connection = relay.connect();
    for _ in 0..asked {
        connection.write_all(b"GET /v1/device-model/weights HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    thread::sleep(Duration::from_secs(4));
    let mut taken = Vec::new();
    let _ = connection.read_to_end(&mut taken);
    assert!(taken.len() < asked * size / 2, "{} of {}", taken.len(), asked * size);
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--connections", "2"]);
    let open = || {
        let mut connection = relay.connect();
        connection.conn.complete_io(&mut connection.sock).map(|_| connection)
    };
    let (first, second) = (open().unwrap(), open().unwrap());
    assert!(open().is_err());
    drop(first);
    let until = Instant::now() + Duration::from_secs(10);
    let third = loop {
        match open() {
            Ok(third) => break third,
            Err(_) => assert!(Instant::now() < until, "no connection slot is freed"),
        }
        thread::sleep(Duration::from_millis(50));
    };
    drop((second, third));
}

#[tokio::test]
async fn size_limits_are_enforced() {
    let model = TestModel::new();
    let flags = ["--max-photo", "20kB", "--max-request-size", "50kB", "--max-photos", "3", "--max-pixels", "7000"];
    let relay = Relay::start(&model, &flags);
    let client = relay.client();
    let one = |photo: Vec<u8>| client.post(relay.url("/upload_image")).multipart(form(photo)).send();
    let several = |all: Vec<Vec<u8>>| client.post(relay.url("/v1/predict")).multipart(photos(all)).send();
    assert_eq!(one(jpeg(1)).await.unwrap().status(), StatusCode::OK);
    let json = problem(one(vec![7; 21_000]).await.unwrap(), 413, "body-too-large").await;
    assert!(json["detail"].as_str().unwrap().contains("20000 bytes"), "{json}");
    let wide = image::imageops::resize(&picture(1), 100, 71, image::imageops::FilterType::Nearest);
    let json = problem(one(encode(&wide, ImageFormat::Jpeg)).await.unwrap(), 422, "photo-too-large").await;
    assert!(json["detail"].as_str().unwrap().contains("7000"), "{json}");

    assert_eq!(several(vec![jpeg(1); 3]).await.unwrap().status(), StatusCode::OK);
    problem(several(vec![jpeg(1); 4]).await.unwrap(), 400, "too-many-photos").await;
    let json = problem(several(vec![vec![7; 21_000]]).await.unwrap(), 413, "body-too-large").await;
    assert_eq!(json["photo"], 0, "{json}");
    let json = problem(several(vec![vec![7; 19_000]; 3]).await.unwrap(), 413, "body-too-large").await;
    assert!(json["detail"].as_str().unwrap().contains("50000 bytes"), "{json}");
    assert_eq!(several(vec![encode(&wide, ImageFormat::Png)]).await.unwrap().status(), 422);
}

#[tokio::test]
async fn uploads_share_a_memory_budget() {
    let model = TestModel::new();
    let flags = ["--upload-memory", "1MB", "--max-photo", "900kB", "--max-request-size", "1MB"];
    let relay = Relay::start(&model, &flags);
    let client = relay.client();
    let mut holder = relay.connect();
    holder.write_all(head(890_000).as_bytes()).unwrap();
    holder.write_all(&vec![7; 800_000]).unwrap();
    let upload = |bytes: usize| client.post(relay.url("/upload_image")).multipart(form(vec![7; bytes])).send();
    // The relay may not have read the sent bytes yet.
    let until = Instant::now() + Duration::from_secs(20);
    while upload(400_000).await.unwrap().status() != StatusCode::SERVICE_UNAVAILABLE {
        assert!(Instant::now() < until, "the memory is never used up");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    problem(upload(400_000).await.unwrap(), 503, "overloaded").await;
    assert_eq!(upload(100).await.unwrap().status(), 415);
    drop(holder);
    while upload(400_000).await.unwrap().status() == StatusCode::SERVICE_UNAVAILABLE {
        assert!(Instant::now() < until, "the memory is never free again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(unix)]
#[test]
fn a_shutdown_does_not_wait_for_ever() {
    let model = TestModel::new();
    let mut relay = Relay::start(&model, &["--stop-timeout", "1s"]);
    let mut open = BufReader::new(relay.connect());
    let asking = head(100_000).replacen("\r\n", "\r\nExpect: 100-continue\r\n", 1);
    open.get_mut().write_all(asking.as_bytes()).unwrap();
    // From now on the relay processes the request.
    assert!(next_answer(&mut open).0.starts_with("HTTP/1.1 100"));
    relay.signal("TERM");
    let started = Instant::now();
    assert!(relay.wait(Duration::from_secs(9)).success());
    about(started.elapsed().as_secs_f64(), 0.5..9.0);
}

#[tokio::test]
async fn the_log_level_is_respected() {
    let model = TestModel::new();
    for (level, lines) in [("off", 0), ("warn", 1)] {
        let relay = Relay::start(&model, &["--log-level", level]);
        relay.client().get(relay.url("/")).send().await.unwrap();
        // There is a warning about the development certificate.
        assert_eq!(relay.log().lines().count(), lines, "{}", relay.log());
    }
}
