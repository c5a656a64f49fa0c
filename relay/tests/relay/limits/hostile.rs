//! Hostile clients: malformed HTTP, crowds of connections, and endless bodies. After each attack the relay answers a
//! valid upload, and its memory has not grown much.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, form, jpeg, next_answer};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::StatusCode;

/// Allowed growth of the relay's memory during an attack, bytes.
const GROWTH: u64 = 64 << 20;

/// Runs an attack, and checks that the relay survives it.
async fn survives(relay: &Relay, harm: impl FnOnce(&Relay)) {
    let good = || relay.client().post(relay.url("/upload_image")).multipart(form(jpeg(1))).send();
    assert_eq!(good().await.unwrap().status(), StatusCode::OK);
    #[cfg(target_os = "linux")]
    let before = relay.peak_memory();
    harm(relay);
    assert_eq!(good().await.unwrap().status(), StatusCode::OK);
    #[cfg(target_os = "linux")]
    assert!(relay.peak_memory() < before + GROWTH, "{before} bytes, then {}", relay.peak_memory());
}

/// Everything that the relay sends in response to these bytes until it closes, or sends nothing for a second.
fn response(relay: &Relay, bytes: &[u8]) -> String {
    let mut connection = relay.connect();
    connection.conn.complete_io(&mut connection.sock).unwrap();
    connection.sock.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    // The relay may close before it has read everything.
    let _ = connection.write_all(bytes);
    let mut response = Vec::new();
    let _ = connection.read_to_end(&mut response);
    String::from_utf8_lossy(&response).into_owned()
}

fn status_lines(response: &str) -> Vec<&str> {
    response.lines().filter(|line| line.starts_with("HTTP/1.1 ")).map(|line| &line[..12]).collect()
}

#[tokio::test]
async fn a_request_is_never_split_into_two() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    const SMUGGLED: &str = "GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let chunked = format!("0\r\n\r\n{SMUGGLED}");
    let refused = |headers: &str, body: &str| format!("POST / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{body}");
    survives(&relay, |relay| {
        for (headers, body) in [
            // Request smuggling: a proxy and the relay would disagree about where the body ends.
            (format!("Content-Length: {}\r\nTransfer-Encoding: chunked", chunked.len()), chunked.as_str()),
            (format!("Transfer-Encoding: chunked\r\nContent-Length: {}", chunked.len()), chunked.as_str()),
            (format!("Content-Length: 0\r\nContent-Length: {}", SMUGGLED.len()), SMUGGLED),
            (format!("Content-Length: {}, 0", SMUGGLED.len()), SMUGGLED),
            (format!("Content-Length: +{}", SMUGGLED.len()), SMUGGLED),
            (format!("Content-Length: -{}", SMUGGLED.len()), SMUGGLED),
            (format!("Content-Length: 0x{:x}", SMUGGLED.len()), SMUGGLED),
            (format!("Content-Length : {}", SMUGGLED.len()), SMUGGLED),
            ("Content-Length: 18446744073709551616".to_owned(), SMUGGLED),
            ("Transfer-Encoding: xchunked".to_owned(), &chunked),
            ("Transfer-Encoding: chunked, identity".to_owned(), &chunked),
            ("Transfer-Encoding: identity".to_owned(), &chunked),
            ("Transfer-Encoding:\x0bchunked".to_owned(), &chunked),
            ("Transfer-Encoding : chunked".to_owned(), &chunked),
            ("X: y\r\n Transfer-Encoding: chunked".to_owned(), &chunked),
            ("X: y\0z\r\nContent-Length: 0".to_owned(), SMUGGLED),
            ("X: y\rTransfer-Encoding: chunked".to_owned(), &chunked),
            ("Transfer-Encoding: chunked".to_owned(), "ffffffffffffffff1\r\n"),
            ("Transfer-Encoding: chunked".to_owned(), "-1\r\n"),
            ("Transfer-Encoding: chunked".to_owned(), "3\r\nabcdef\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked".to_owned(), "3;\nabc\r\n0\r\n\r\n"),
        ] {
            let response = response(relay, refused(&headers, body).as_bytes());
            let answers = status_lines(&response);
            assert!(answers.len() <= 1 && !response.contains("anthracnose"), "{headers:?} {body:?}: {response}");
            assert!(answers.iter().all(|line| line.starts_with("HTTP/1.1 4")), "{headers:?} {body:?}: {response}");
        }
        // HTTP/1.0 has no chunked encoding.
        let old = format!("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n{chunked}");
        assert!(!response(relay, old.as_bytes()).contains("anthracnose"));
    })
    .await;
}

#[tokio::test]
async fn invalid_requests_get_no_success_response() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    survives(&relay, |relay| {
        for bytes in [
            b"\0\0\0\0\r\n\r\n".as_slice(),
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
            b"G\xc3\xa9T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\x00\x00\x00\x00\x00\x00",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x04\x01\x05\0\0\0\x01\xff\xff\xff\xff",
        ] {
            let response = response(relay, bytes);
            assert!(!response.contains(" 200 ") && !response.contains("hello"), "{bytes:?}: {response}");
        }
        let headers = (0..10_000).map(|number| format!("X-{number}: y\r\n")).collect::<String>();
        let long = "x".repeat(1 << 20);
        for request in [
            format!("GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"),
            format!("GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {long}\r\n\r\n"),
            format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ] {
            let response = response(relay, request.as_bytes());
            assert!(status_lines(&response).iter().all(|line| line.starts_with("HTTP/1.1 4")), "{response}");
        }
    })
    .await;
}

#[tokio::test]
async fn path_traversal_is_not_possible() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    survives(&relay, |relay| {
        for path in [
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..%5c..%5cwindows%5cwin.ini",
            "/v1/device-model/../../../etc/passwd",
            "/v1/device-model/manifest.json/..",
            "/v1//catalog",
            "//v1/catalog",
            "/v1/catalog/",
            "/v1/catalog%00.json",
            "/v1/catalog;x=y",
            "/V1/catalog",
            "/v1/%63atalog",
            "/%0d%0aSet-Cookie:%20x=y",
            "/%ff%fe",
        ] {
            let response = response(relay, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
            assert_eq!(status_lines(&response), ["HTTP/1.1 404"], "{path}: {response}");
            assert!(response.contains("unknown-path") && !response.contains("Set-Cookie"), "{path}: {response}");
        }
    })
    .await;
    assert!(relay.log().lines().all(|line| !line.starts_with("Set-Cookie")), "{}", relay.log());
}

#[tokio::test]
async fn an_endless_body_is_not_buffered() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--request-timeout", "16s"]);
    let chunk = [b"4000\r\n".as_slice(), &[7; 0x4000], b"\r\n"].concat();
    let form = "3f\r\n--x\r\nContent-Disposition: form-data; name=\"picture\"\r\n\r\n       \r\n";
    let never_a_part = "5\r\n--x\r\n\r\n";
    survives(&relay, |relay| {
        for (path, begin) in [
            ("/upload_image", form),
            ("/upload_image", never_a_part),
            ("/v1/predict", form),
            ("/", ""),
            ("/nowhere", ""),
        ] {
            let mut connection = relay.connect();
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\
                 Content-Type: multipart/form-data; boundary=x\r\n\r\n{begin}"
            );
            connection.write_all(head.as_bytes()).unwrap();
            let started = Instant::now();
            let mut sent = 0usize;
            while connection.write_all(&chunk).is_ok() {
                sent += chunk.len();
                assert!(started.elapsed() < Duration::from_secs(60), "{path}: still taken after {sent} bytes");
            }
        }
    })
    .await;
    for status in [413, 405, 404] {
        assert!(relay.log().contains(&format!("status={status}")), "{}", relay.log());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_endless_part_header_costs_little() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    survives(&relay, |relay| {
        let mut connection = relay.connect();
        connection.sock.set_nodelay(true).unwrap();
        let head = "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\
                    Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nX-Never: ";
        connection.write_all(head.as_bytes()).unwrap();
        connection.write_all(&vec![b'x'; 7_500_000]).unwrap();
        thread::sleep(Duration::from_secs(2));
        let before = relay.cpu_seconds();
        for _ in 0..5000 {
            connection.write_all(b"x").unwrap();
            thread::sleep(Duration::from_millis(1));
        }
        let spent = relay.cpu_seconds() - before;
        assert!(spent < 1.0, "{spent} s for 5000 bytes");
    })
    .await;
}

#[tokio::test]
async fn a_compressed_body_is_not_decompressed() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let photo = jpeg(1);
    let form = |name: &str, photo: &mut dyn Read| {
        let mut form = Vec::new();
        let mut packer = GzEncoder::new(&mut form, Compression::default());
        write!(packer, "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").unwrap();
        std::io::copy(photo, &mut packer).unwrap();
        packer.write_all(b"\r\n--x--\r\n").unwrap();
        packer.finish().unwrap();
        form
    };
    let request = |path: &str, encoding: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{encoding}Content-Length: {}\r\n\
             Content-Type: multipart/form-data; boundary=x\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let gigabyte = form("picture", &mut std::io::repeat(0).take(1 << 30));
    assert!(gigabyte.len() < 4 << 20, "{} bytes", gigabyte.len());
    survives(&relay, |relay| {
        for (path, name) in [("/upload_image", "picture"), ("/v1/predict", "photo")] {
            let good = form(name, &mut photo.as_slice());
            let mut plain = Vec::new();
            GzDecoder::new(good.as_slice()).read_to_end(&mut plain).unwrap();
            for encoding in ["", "Content-Encoding: Identity\r\n"] {
                let response = response(relay, &request(path, encoding, &plain));
                assert_eq!(status_lines(&response), ["HTTP/1.1 200"], "{path} {encoding}: {response}");
            }
            // Compressed without a Content-Encoding header.
            assert_eq!(status_lines(&response(relay, &request(path, "", &good))), ["HTTP/1.1 400"], "{path}");
            for (encoding, body) in [
                ("gzip", &good),
                ("gzip", &gigabyte),
                ("GZIP", &good),
                ("deflate", &good),
                ("br", &good),
                ("gzip, gzip, gzip", &gigabyte),
                ("identity\r\nContent-Encoding: gzip", &good),
            ] {
                let response = response(relay, &request(path, &format!("Content-Encoding: {encoding}\r\n"), body));
                assert_eq!(status_lines(&response), ["HTTP/1.1 415"], "{path} {encoding}: {response}");
                assert!(response.contains("encoded-body"), "{path} {encoding}: {response}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn slow_headers_on_hundreds_of_connections_lock_nobody_out() {
    const CROWD: usize = 200;
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--header-timeout", "3s"]);
    survives(&relay, |relay| {
        let mut crowd: Vec<_> = (0..CROWD).map(|_| relay.connect()).collect();
        for connection in &mut crowd {
            connection.write_all(b"POST /upload_image HTTP/1.1\r\nHost: localhost\r\n").unwrap();
        }
        let mut open = CROWD;
        let started = Instant::now();
        while open > 0 {
            assert!(started.elapsed() < Duration::from_secs(60), "{open} are still open");
            let mut guest = BufReader::new(relay.connect());
            guest.get_mut().write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            assert!(next_answer(&mut guest).0.starts_with("HTTP/1.1 200"));
            crowd.retain_mut(|connection| connection.write_all(b"X: y\r\n").is_ok());
            open = crowd.len();
            thread::sleep(Duration::from_millis(200));
        }
    })
    .await;
}

#[tokio::test]
async fn silent_sockets_lock_nobody_out() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--handshake-timeout", "3s"]);
    survives(&relay, |relay| {
        let mut crowd: Vec<TcpStream> = (0..500).map(|_| TcpStream::connect(relay.address).unwrap()).collect();
        // Some send data that are not TLS, some close.
        for socket in crowd.iter_mut().step_by(3) {
            socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        }
        for socket in crowd.iter().skip(1).step_by(3) {
            let _ = socket.shutdown(std::net::Shutdown::Both);
        }
        let mut guest = BufReader::new(relay.connect());
        guest.get_mut().write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        assert!(next_answer(&mut guest).0.starts_with("HTTP/1.1 200"));
        let until = Instant::now() + Duration::from_secs(60);
        for mut socket in crowd {
            socket
                .set_read_timeout(Some(until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))))
                .unwrap();
            let end = socket.read_to_end(&mut Vec::new());
            assert!(!matches!(end, Err(error) if error.kind() == ErrorKind::WouldBlock), "still open");
        }
    })
    .await;
}

#[tokio::test]
async fn a_thousand_idle_connections_lock_nobody_out() {
    const CROWD: usize = 1000;
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--idle-timeout", "40s"]);
    survives(&relay, |relay| {
        let mut crowd: Vec<_> = (0..CROWD).map(|_| relay.connect()).collect();
        for connection in &mut crowd {
            connection.conn.complete_io(&mut connection.sock).unwrap();
        }
        let started = Instant::now();
        let mut guest = BufReader::new(relay.connect());
        for _ in 0..20 {
            guest.get_mut().write_all(b"GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            assert!(next_answer(&mut guest).0.starts_with("HTTP/1.1 200"));
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        // All of them were open meanwhile.
        let answered = crowd.iter_mut().filter_map(|connection| {
            connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").ok()?;
            let mut line = String::new();
            BufReader::new(connection).read_line(&mut line).ok()?;
            Some(line.starts_with("HTTP/1.1 200"))
        });
        assert_eq!(answered.filter(|good| *good).count(), CROWD);
    })
    .await;
}
