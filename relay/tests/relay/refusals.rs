//! Requests that the relay refuses, and its state afterwards: real program, real TLS.

use std::io::{BufReader, Read, Write};
use std::time::{Duration, Instant};

use crate::common::{self, Relay, TestModel, crc32, encode, form, jpeg, next_answer, picture};
use image::ImageFormat;
use reqwest::header::{ALLOW, CONTENT_TYPE, EXPECT};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, Response, StatusCode};

/// Checks that a response is a problem of that type, and returns its detail.
async fn problem(answer: Response, status: u16, kind: &str) -> String {
    common::problem(answer, status, kind).await["detail"].as_str().unwrap().to_owned()
}

async fn still_answers(relay: &Relay, client: &Client) {
    let answer = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

/// A PNG that declares that size in an otherwise valid header.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encode(&picture(1), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

#[tokio::test]
async fn each_kind_of_invalid_photo_has_its_problem_type() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let whole = jpeg(3);
    let header = png_of_size(30_000, 30_000);
    let png = encode(&picture(1), ImageFormat::Png);
    let damaged = [&png[..60], &[0; 400]].concat();
    let cases: [(&[u8], u16, &str); 6] = [
        (b"", 422, "photo-empty"),
        (b"a text file that is called leaf.jpg", 415, "not-a-photo"),
        (&whole[..whole.len() / 2], 422, "photo-cut-off"),
        (&header, 422, "photo-too-large"),
        (&png[..33], 422, "photo-cut-off"),
        (&damaged, 422, "photo-damaged"),
    ];
    for (photo, status, kind) in cases {
        let upload = client.post(relay.url("/upload_image")).multipart(form(photo));
        problem(upload.send().await.unwrap(), status, kind).await;
        still_answers(&relay, &client).await;
    }
}

#[tokio::test]
async fn each_kind_of_invalid_request_has_its_problem_type() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let upload = || client.post(relay.url("/upload_image"));
        let another_part = Form::new().part("photo", Part::bytes(jpeg(1))).text("note", "picture");
        problem(upload().multipart(another_part).send().await.unwrap(), 400, "no-picture").await;
        let no_part = upload().header(CONTENT_TYPE, "multipart/form-data; boundary=x").body("--x--\r\n");
        problem(no_part.send().await.unwrap(), 400, "no-picture").await;
        problem(upload().body(jpeg(1)).send().await.unwrap(), 415, "not-multipart").await;
        let broken = upload().header(CONTENT_TYPE, "multipart/form-data; boundary=x").body("--x\r\nContent-Dispo");
        problem(broken.send().await.unwrap(), 400, "bad-multipart").await;
        let cut = "--x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\nabc";
        let cut = upload().header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(cut);
        problem(cut.send().await.unwrap(), 400, "bad-multipart").await;
        let maybe = client.post(relay.url("/upload_image?explain=maybe")).multipart(form(jpeg(1)));
        let detail = problem(maybe.send().await.unwrap(), 400, "bad-query").await;
        assert!(detail.contains("explain=1") && detail.contains("explain=0"), "{detail}");

        let wrong_method = client.put(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
        assert_eq!(wrong_method.headers()[ALLOW], "POST");
        problem(wrong_method, 405, "method-not-allowed").await;
        let posted = client.post(relay.url("/")).send().await.unwrap();
        assert_eq!(posted.headers()[ALLOW], "GET,HEAD");
        problem(posted, 405, "method-not-allowed").await;
        problem(client.get(relay.url("/674.jpg")).send().await.unwrap(), 404, "unknown-path").await;
        let lost = client.post(relay.url("/upload")).multipart(form(vec![7; 3 << 20])).send().await.unwrap();
        problem(lost, 404, "unknown-path").await;
        still_answers(&relay, &client).await;
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_with_little_memory() {
    const SIZE: usize = 100_000_000;
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client_builder().http1_only().build().unwrap(), relay.client()] {
        still_answers(&relay, &client).await;
        #[cfg(target_os = "linux")]
        let before = relay.peak_memory();
        let declared = client.post(relay.url("/upload_image")).multipart(form(vec![7; SIZE]));
        problem(declared.send().await.unwrap(), 413, "body-too-large").await;
        // A stream has no Content-Length to check in advance.
        let chunks = (0..SIZE / 100_000).map(|_| Ok::<_, std::io::Error>(vec![7; 100_000]));
        let part = Part::stream(Body::wrap_stream(stream_of(chunks)));
        let streamed = client.post(relay.url("/upload_image")).multipart(Form::new().part("picture", part));
        problem(streamed.send().await.unwrap(), 413, "body-too-large").await;
        // A valid photo first does not change this.
        let chunks = (0..SIZE / 100_000).map(|_| Ok::<_, std::io::Error>(vec![7; 100_000]));
        let behind = form(jpeg(1)).part("more", Part::stream(Body::wrap_stream(stream_of(chunks))));
        let streamed = client.post(relay.url("/upload_image")).multipart(behind);
        problem(streamed.send().await.unwrap(), 413, "body-too-large").await;
        #[cfg(target_os = "linux")]
        assert!(relay.peak_memory() < before + (40 << 20), "{} then {}", before, relay.peak_memory());
        still_answers(&relay, &client).await;
    }
}

/// Items as a stream that is always ready.
fn stream_of<T: Send + Unpin + 'static>(items: impl Iterator<Item = T> + Send + Unpin + 'static) -> Items<T> {
    Items(Box::new(items))
}

struct Items<T>(Box<dyn Iterator<Item = T> + Send + Unpin>);

impl<T> futures_core::Stream for Items<T> {
    type Item = T;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[test]
fn expect_100_continue_with_a_too_large_body_gets_413() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let mut connection = relay.connect();
    let head = "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\
                Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n";
    let started = Instant::now();
    connection.write_all(head.as_bytes()).unwrap();
    let (status, body) = next_answer(&mut BufReader::new(&mut connection));
    assert!(status.starts_with("HTTP/1.1 413"), "{status}");
    assert!(body.contains("body-too-large"), "{body}");
    assert!(started.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn expect_100_continue_over_http_2_is_answered() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let upload = relay.client().post(relay.url("/upload_image")).header(EXPECT, "100-continue");
    problem(upload.multipart(form(vec![7; 20 << 20])).send().await.unwrap(), 413, "body-too-large").await;
}

#[tokio::test]
async fn expect_100_continue_is_answered_if_the_body_fits() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client_builder().http1_only().build().unwrap();
    let upload = client.post(relay.url("/upload_image")).header(EXPECT, "100-continue").multipart(form(jpeg(1)));
    assert_eq!(upload.send().await.unwrap().status(), StatusCode::OK);
}

#[test]
fn a_connection_stays_usable_after_a_refusal() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let mut connection = BufReader::new(relay.connect());
    for _ in 0..2 {
        for (request, expected) in [
            ("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "HTTP/1.1 404"),
            (
                format!(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n{}",
                    "x".repeat(9_000_000)
                ),
                "HTTP/1.1 405",
            ),
            (
                format!(
                    "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\
                     Content-Type: multipart/form-data; boundary=x\r\n\r\n{}",
                    "x".repeat(9_000_000)
                ),
                "HTTP/1.1 413",
            ),
            ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "HTTP/1.1 200"),
        ] {
            connection.get_mut().write_all(request.as_bytes()).unwrap();
            let (status, _) = next_answer(&mut connection);
            assert!(status.starts_with(expected), "{status}");
        }
    }
}

#[test]
fn an_endless_header_times_out() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let mut connection = relay.connect();
    let started = Instant::now();
    connection.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
    let mut rest = Vec::new();
    // Closed with or without a response: both are fine.
    let _ = connection.read_to_end(&mut rest);
    let waited = started.elapsed();
    assert!((Duration::from_secs(9)..Duration::from_secs(30)).contains(&waited), "{waited:?}");
}
