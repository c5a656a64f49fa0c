//! Plain HTTP on the HTTPS port.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel};

fn connect(relay: &Relay) -> TcpStream {
    let socket = TcpStream::connect(relay.address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}

/// Everything that the relay sends until it closes.
fn response(socket: &mut TcpStream) -> String {
    let mut text = String::new();
    socket.read_to_string(&mut text).unwrap();
    text
}

fn assert_hint(response: &str) {
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{response:?}"));
    assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{head}");
    assert!(head.contains("connection: close") && head.contains("text/plain"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{response}");
    assert!(body.contains("this port speaks HTTPS: use https://"), "{body}");
}

#[tokio::test]
async fn plain_http_gets_a_hint_and_is_counted() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    // HTTP clients get a response, not a broken connection.
    let answer = relay.client().get(relay.url("/").replace("https", "http")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (400, reqwest::Version::HTTP_11));
    assert!(answer.text().await.unwrap().contains("https://"));
    assert_eq!(relay.metric("refused_total{reason=\"plain_http\"}").await, 1.0);

    // The response arrives even while the body is still being sent.
    let mut upload = connect(&relay);
    let start = b"POST /upload_image HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n".as_slice();
    upload.write_all(&[start, &[7; 4_000_000]].concat()).unwrap();
    upload.shutdown(std::net::Shutdown::Write).unwrap();
    assert_hint(&response(&mut upload));

    let mut head = connect(&relay);
    head.write_all(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    head.shutdown(std::net::Shutdown::Write).unwrap();
    let response = response(&mut head);
    assert!(response.starts_with("HTTP/1.1 400") && response.ends_with("\r\n\r\n"), "{response}");
    assert_eq!(relay.metric("refused_total{reason=\"plain_http\"}").await, 3.0);
}

#[test]
fn the_request_may_arrive_byte_by_byte() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let mut socket = connect(&relay);
    for byte in b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" {
        socket.write_all(&[*byte]).unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    assert_hint(&response(&mut socket));
}

#[tokio::test]
async fn a_single_letter_times_out_like_a_handshake() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--handshake-timeout", "2s"]);
    // The timeout starts with the connection.
    let started = Instant::now();
    let mut socket = connect(&relay);
    socket.write_all(b"G").unwrap();
    // Other clients are served meanwhile.
    assert!(relay.client().get(relay.url("/")).send().await.unwrap().status().is_success());
    assert_eq!(response(&mut socket), "");
    let took = started.elapsed().as_secs_f64();
    assert!((1.5..12.0).contains(&took), "{took} s");
}

#[test]
fn other_protocols_are_closed() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--handshake-timeout", "60s"]);
    let mut socket = connect(&relay);
    socket.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").unwrap();
    let mut response = Vec::new();
    match socket.read_to_end(&mut response) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    assert_eq!(response, b"");
}
