//! Overload and abandoned work: real program, real TLS.

use std::io::{BufReader, Write};

use crate::common::{Relay, TestModel, encode, form, jpeg, next_answer, problem};
use image::{ImageFormat, RgbImage};
use reqwest::header::RETRY_AFTER;
use reqwest::multipart::Form;
use reqwest::{Client, StatusCode};

/// A photo that keeps a worker busy for a while: 23 megapixels.
fn slow() -> Vec<u8> {
    encode(&RgbImage::new(4800, 4800), ImageFormat::Png)
}

/// A form with that many of these photos.
pub(crate) fn several(photos: usize) -> Form {
    crate::common::photos(vec![slow(); photos])
}

fn http1(relay: &Relay) -> Client {
    relay.client_builder().http1_only().build().unwrap()
}

async fn answers_well(relay: &Relay, client: &Client) {
    let answer = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn late_jobs_get_503_and_are_not_computed() {
    let model = TestModel::new();
    let flags = ["--workers", "1", "--inference-timeout", "40ms"];
    let relay = Relay::start(&model, &flags);
    let client = http1(&relay);
    let uploads: Vec<_> =
        (0..5).map(|_| tokio::spawn(client.post(relay.url("/upload_image")).multipart(form(slow())).send())).collect();
    for upload in uploads {
        let answer = upload.await.unwrap().unwrap();
        assert_eq!(answer.headers()[RETRY_AFTER], "2");
        let json = problem(answer, 503, "overloaded").await;
        assert!(json["detail"].as_str().unwrap().contains("40ms"), "{json}");
    }
    assert_eq!(relay.metric("abandoned_total{reason=\"deadline\"}").await, 5.0);
    relay.until_metric("inference_running", 0.0).await;
    // While the first job ran, the deadline of the others passed.
    assert!(relay.metric("inference_seconds_count").await < 5.0);
    answers_well(&relay, &client).await;
}

#[tokio::test]
async fn jobs_of_clients_that_left_are_not_computed() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1"]);
    for client in [http1(&relay), relay.client()] {
        let computed = "inference_seconds_sum";
        let begun = relay.metric(computed).await;
        let whole = client.post(relay.url("/v1/predict")).multipart(several(6)).send().await.unwrap();
        assert_eq!(whole.status(), StatusCode::OK);
        let whole = relay.metric(computed).await - begun;

        let mut least = f64::MAX;
        // On a stalled machine the client may leave too late, so there are several tries.
        for _ in 0..5 {
            let before = (relay.metric(computed).await, relay.metric("inference_seconds_count").await);
            let left = relay.metric("abandoned_total{reason=\"client_left\"}").await;
            let running = tokio::spawn(client.post(relay.url("/v1/predict")).multipart(several(6)).send());
            relay.until_metric("inference_running", 1.0).await;
            let waiting = tokio::spawn(client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send());
            relay.until_metric("queue_waiting", 1.0).await;
            waiting.abort();
            relay.until_metric("queue_waiting", 0.0).await;
            running.abort();
            relay.until_metric("inference_running", 0.0).await;
            assert_eq!(relay.metric("abandoned_total{reason=\"client_left\"}").await - left, 2.0);
            assert_eq!(relay.metric("inference_seconds_count").await - before.1, 1.0);
            least = least.min(relay.metric(computed).await - before.0);
            if least < 0.8 * whole {
                break;
            }
        }
        assert!(least < 0.8 * whole, "{least} s of {whole} s: it should stop between photos");
        answers_well(&relay, &client).await;
    }
}

#[tokio::test]
async fn a_request_takes_a_slot_for_each_of_its_photos() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--queue", "6"]);
    let client = http1(&relay);
    let six = tokio::spawn(client.post(relay.url("/v1/predict")).multipart(several(6)).send());
    relay.until_metric("inference_running", 1.0).await;
    let refused = client.post(relay.url("/v1/predict")).multipart(several(6)).send().await.unwrap();
    problem(refused, 503, "overloaded").await;
    assert_eq!(relay.metric("refused_total{reason=\"full\"}").await, 1.0);
    // Finished photos free their slots before the request is answered.
    let one = tokio::spawn({
        let (client, url) = (client.clone(), relay.url("/upload_image"));
        async move {
            loop {
                let answer = client.post(&url).multipart(form(jpeg(1))).send().await.unwrap();
                if answer.status() == StatusCode::OK {
                    return;
                }
            }
        }
    });
    relay.until_metric("queue_waiting", 1.0).await;
    assert!(!six.is_finished());
    assert_eq!(six.await.unwrap().unwrap().status(), StatusCode::OK);
    one.await.unwrap();
}

#[tokio::test]
async fn the_rate_limit_applies_to_each_client() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--rate-limit", "3", "--trusted-proxy", "127.0.0.1"]);
    let client = relay.client();
    let ask = |address: &'static str| client.get(relay.url("/")).header("x-forwarded-for", address).send();
    for address in ["203.0.113.7", "2001:db8::1"] {
        for _ in 0..3 {
            assert_eq!(ask(address).await.unwrap().status(), StatusCode::OK);
        }
        let answer = ask(address).await.unwrap();
        let wait: u64 = answer.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((10..=20).contains(&wait), "{wait}");
        let json = problem(answer, 429, "rate-limited").await;
        assert!(json["detail"].as_str().unwrap().contains(&format!("{wait} s")), "{json}");
    }
    // The same household.
    assert_eq!(ask("2001:db8::ffff:2").await.unwrap().status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask("203.0.113.8").await.unwrap().status(), StatusCode::OK);
    assert_eq!(relay.metric("refused_total{reason=\"rate\"}").await, 3.0);
    let upload = client.post(relay.url("/upload_image")).header("x-forwarded-for", "203.0.113.7");
    problem(upload.multipart(form(jpeg(1))).send().await.unwrap(), 429, "rate-limited").await;
    // Health checks are exempt.
    for _ in 0..5 {
        let ready = client.get(relay.url("/readyz")).header("x-forwarded-for", "203.0.113.7").send().await.unwrap();
        assert_eq!(ready.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn forged_headers_do_not_evade_the_rate_limit() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--rate-limit", "2"]);
    let client = relay.client();
    for number in 0..4 {
        let forged = format!("203.0.113.{number}");
        let asked =
            client.get(relay.url("/")).header("x-forwarded-for", &forged).header("forwarded", format!("for={forged}"));
        let status = asked.send().await.unwrap().status();
        assert_eq!(status, if number < 2 { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS });
    }
}

#[tokio::test]
async fn a_full_relay_refuses_before_the_body_is_sent() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--queue", "1"]);
    let client = http1(&relay);
    let busy = tokio::spawn(client.post(relay.url("/v1/predict")).multipart(several(6)).send());
    relay.until_metric("inference_running", 1.0).await;
    // The client waits for `100 Continue`, and sends no body after the refusal.
    let mut connection = BufReader::new(relay.connect());
    let head = "POST /upload_image HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\
                Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n";
    connection.get_mut().write_all(head.as_bytes()).unwrap();
    let (status, body) = next_answer(&mut connection);
    assert!(status.starts_with("HTTP/1.1 503") && body.contains("overloaded"), "{status} {body}");
    assert!(!busy.is_finished());
    assert_eq!(busy.await.unwrap().unwrap().status(), StatusCode::OK);
}
