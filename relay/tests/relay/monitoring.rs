//! Monitoring: health, metrics, the log. Real program, real sockets.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, form, jpeg, photos, problem, refusal};
use crate::limits::overload::several;
use reqwest::header::CACHE_CONTROL;
use reqwest::{Method, StatusCode};
use serde_json::Value;

#[tokio::test]
async fn health_checks_work() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        for (path, state) in [("/livez", "live"), ("/readyz", "ready")] {
            let answer = client.get(relay.url(path)).send().await.unwrap();
            assert_eq!(
                (answer.status(), &answer.headers()[CACHE_CONTROL]),
                (StatusCode::OK, &"no-store".parse().unwrap())
            );
            assert_eq!(answer.text().await.unwrap(), state);
        }
    }
}

#[tokio::test]
async fn only_health_checks_are_never_refused() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--rate-limit", "2"]);
    let client = relay.client();
    for path in ["/livez", "/readyz"] {
        for method in [Method::GET, Method::HEAD] {
            for _ in 0..3 {
                let answer = client.request(method.clone(), relay.url(path)).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "{method} {path}");
            }
        }
    }
    let wrong = || async { client.post(relay.url("/livez")).body("x").send().await.unwrap().status().as_u16() };
    assert_eq!([wrong().await, wrong().await, wrong().await], [405, 405, 429]);
    // They are not health checks, and so they are logged.
    assert_eq!(relay.log().matches("/livez").count(), 3, "{}", relay.log());
}

#[tokio::test]
async fn metrics_clients_take_few_connections() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--idle-timeout", "5s"]);
    let address = relay.metrics_url().unwrap().split('/').nth(2).unwrap().to_owned();
    let mut crowd: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(&address).unwrap()).collect();
    crowd.iter().for_each(|socket| socket.set_nonblocking(true).unwrap());
    let until = Instant::now() + Duration::from_secs(4);
    while crowd.len() > 64 {
        assert!(Instant::now() < until, "{} are open", crowd.len());
        thread::sleep(Duration::from_millis(20));
        let open = |socket: &mut TcpStream| matches!(socket.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        crowd.retain_mut(open);
    }
    assert_eq!(crowd.len(), 64);
    let upload = relay.client().post(relay.url("/upload_image")).multipart(form(jpeg(1))).send();
    assert_eq!(upload.await.unwrap().status(), StatusCode::OK);
    // Idle connections are closed, and then there is room again.
    for socket in &mut crowd {
        socket.set_nonblocking(false).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        assert_eq!(socket.read(&mut [0]).unwrap(), 0);
    }
    assert_eq!(relay.metric("ready").await, 1.0);
}

#[test]
fn a_model_with_invalid_outputs_fails_the_self_test() {
    let model = TestModel::broken();
    let error = refusal(&["--listen", "127.0.0.1:0", "--model", model.path().to_str().unwrap()]);
    assert!(error.contains("self-test") && error.contains("not finite"), "{error}");
}

#[tokio::test]
async fn metrics_have_the_prometheus_format() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for number in 1..4 {
        client.post(relay.url("/upload_image")).multipart(form(jpeg(number))).send().await.unwrap();
    }
    client.post(relay.url("/upload_image")).multipart(form("no photo")).send().await.unwrap();
    let two = photos([jpeg(1), jpeg(2)]);
    client.post(relay.url("/v1/predict")).multipart(two).send().await.unwrap();
    client.get(relay.url("/a/path?with=a&query")).send().await.unwrap();
    client.request("BREW".parse().unwrap(), relay.url("/")).send().await.unwrap();

    let (kind, text) = relay.metrics().await;
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool = promtool.spawn().expect("promtool, which `cargo xtask setup` installs");
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}\n{text}");

    let series: HashMap<&str, f64> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(' ').unwrap())
        .map(|(name, value)| (name.strip_prefix("mango_relay_").expect("the prefix"), value.parse().unwrap()))
        .collect();
    for (name, value) in [
        ("requests_total{route=\"/upload_image\",status=\"200\"}", 3.0),
        ("requests_total{route=\"/upload_image\",status=\"415\"}", 1.0),
        ("requests_total{route=\"/v1/predict\",status=\"200\"}", 1.0),
        ("requests_total{route=\"none\",status=\"404\"}", 1.0),
        ("requests_total{route=\"/\",status=\"405\"}", 1.0),
        ("request_seconds_count{route=\"/upload_image\"}", 4.0),
        ("inference_seconds_count", 5.0),
        ("queue_seconds_count", 5.0),
        ("queue_places", 64.0),
        ("queue_waiting", 0.0),
        ("panics_total", 0.0),
        ("ready", 1.0),
        ("connections", 1.0),
        ("model_info{name=\"test-random\",version=\"0.0.1\"}", 1.0),
    ] {
        assert_eq!(series.get(name), Some(&value), "{name} in\n{text}");
    }
    let photos: f64 = series.iter().filter(|(name, _)| name.starts_with("photos_total{")).map(|(_, value)| value).sum();
    assert_eq!(photos, 5.0);
    let sent: usize = (1..4).map(|number| jpeg(number).len()).sum();
    assert!(series["upload_bytes_total"] > sent as f64);
    // The development certificate is valid for a while.
    assert!(series["certificate_expiry_timestamp_seconds"] > 1_700_000_000.0);
    assert!(!text.contains("query") && !text.contains("BREW") && !text.contains("/a/path"), "{text}");
}

#[tokio::test]
async fn metrics_have_their_own_listener() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    problem(client.get(relay.url("/metrics")).send().await.unwrap(), 404, "unknown-path").await;
    let elsewhere = client.get(relay.metrics_url().unwrap().replace("/metrics", "/upload_image")).send().await.unwrap();
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let model = model.path().to_str().unwrap();
    let error = refusal(&["--listen", "127.0.0.1:0", "--model", model, "--metrics-listen", &address]);
    assert!(error.contains(&address) && error.contains("--metrics-listen"), "{error}");
}

#[tokio::test]
async fn each_line_of_the_json_log_is_json_without_photo_data() {
    let model = TestModel::new();
    let flags = ["--log-format", "json", "--trusted-proxy", "127.0.0.1", "--log-level", "debug"];
    let relay = Relay::start(&model, &flags);
    let client = relay.client();
    let upload = client.post(relay.url("/upload_image?orchard=north")).header("x-request-id", "phone-17.b");
    let upload = upload.header("x-forwarded-for", "203.0.113.77").header("user-agent", "secret-agent");
    let answer = upload.multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "phone-17.b");
    let best = answer.json::<Value>().await.unwrap()["classes"][0]["id"].clone();
    let forged = client.get(relay.url("/private/place")).header("x-request-id", "a b\"c").send().await.unwrap();
    let made = forged.headers()["x-request-id"].to_str().unwrap().to_owned();
    client.get(relay.url("/readyz")).send().await.unwrap();

    let log = relay.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let of = |id: &str| lines.iter().filter(|line| line["span"]["id"] == id).collect::<Vec<_>>();
    let [line] = of("phone-17.b")[..] else { panic!("{log}") };
    for (key, value) in [
        ("message", Value::from("answered")),
        ("level", "INFO".into()),
        ("method", "POST".into()),
        ("route", "/upload_image".into()),
        ("status", 200.into()),
        ("client", "203.0.113.0/24".into()),
        ("photos", 1.into()),
        ("class", best),
    ] {
        assert_eq!(line[key], value, "{line}");
    }
    for key in ["ms", "queue_ms", "compute_ms", "bytes"] {
        assert!(line[key].is_u64(), "{key} in {line}");
    }
    assert!(line["bytes"].as_u64().unwrap() > jpeg(1).len() as u64, "{line}");
    assert!(["confident", "unsure"].contains(&line["verdict"].as_str().unwrap()), "{line}");
    let [line] = of(&made)[..] else { panic!("{made} in {log}") };
    assert_eq!((&line["route"], &line["problem"]), (&"none".into(), &"urn:mango-scout:problem:unknown-path".into()));
    assert!(lines.iter().any(|line| line["route"] == "/readyz" && line["level"] == "DEBUG"), "{log}");
    for secret in ["leaf.jpg", "north", "203.0.113.77", "secret-agent", "private", "a b"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn a_client_that_left_is_logged() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1"]);
    let client = relay.client_builder().http1_only().build().unwrap();
    let leaving = tokio::spawn(client.post(relay.url("/v1/predict")).multipart(several(6)).send());
    relay.until_metric("inference_running", 1.0).await;
    leaving.abort();
    relay.until_metric("requests_total{route=\"/v1/predict\",status=\"499\"}", 1.0).await;
    let log = relay.log();
    assert!(log.lines().any(|line| line.contains("the client left") && line.contains("/v1/predict")), "{log}");
}

#[test]
fn the_relay_starts_if_the_default_metrics_address_is_taken() {
    // Taken by this test or by another program.
    let _taken = TcpListener::bind("127.0.0.1:9090");
    let model = TestModel::new();
    let relay = Relay::start_as_it_comes(&model);
    assert!(
        relay.log().contains("no metrics: cannot listen on 127.0.0.1:9090: another program does"),
        "{}",
        relay.log()
    );
    assert!(relay.ready_line.starts_with("mango-relay ready"), "{}", relay.ready_line);
}
