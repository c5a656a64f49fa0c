//! `POST /v1/predict` with several photos of one plant: real program, real TLS.

use std::fs;

use crate::common::{Relay, TestModel, encode, jpeg, photos as form, problem, program};
use image::{ImageFormat, RgbImage};
use mango_inference::{Photo, Prediction};
use reqwest::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Answers {
    pooled: Prediction,
    photos: Vec<Prediction>,
}

async fn send(relay: &Relay, client: &Client, query: &str, form: Form) -> Response {
    client.post(relay.url("/v1/predict") + query).multipart(form).send().await.unwrap()
}

async fn answers(relay: &Relay, client: &Client, query: &str, numbers: &[u32]) -> Answers {
    let answer = send(relay, client, query, form(numbers.iter().map(|number| jpeg(*number)))).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    answer.json().await.unwrap()
}

/// The output of `predict --pool --json`.
fn pooled_by_command(model: &TestModel, numbers: &[u32]) -> Prediction {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program();
    command.args(["predict", "--pool", "--json", "--model"]).arg(model.path());
    for number in numbers {
        let path = folder.path().join(format!("{number}.jpg"));
        fs::write(&path, jpeg(*number)).unwrap();
        command.arg(path);
    }
    let line: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    serde_json::from_value(line["prediction"].clone()).unwrap()
}

#[tokio::test]
async fn predictions_equal_those_of_the_command() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let predictor = model.predictor();
    let numbers = [1, 2, 9, 17, 30, 44];
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let Answers { pooled, photos } = answers(&relay, &client, "", &numbers).await;
        let expected = numbers.map(|number| predictor.predict(&Photo::decode(&jpeg(number)).unwrap()).unwrap());
        assert_eq!(photos, expected);
        assert_eq!(pooled, pooled_by_command(&model, &numbers));

        let turned = answers(&relay, &client, "", &[44, 1, 17, 2, 30, 9]).await;
        assert_eq!((turned.pooled, &turned.photos[1]), (pooled, &expected[0]));
    }
}

#[tokio::test]
async fn one_photo_is_its_own_pool_and_other_parts_are_skipped() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let own = answers(&relay, &client, "", &[3]).await;
    assert_eq!((own.photos.len(), &own.photos[0]), (1, &own.pooled));
    let mixed = Form::new().text("note", "from the north").part("picture", Part::bytes(jpeg(5)));
    let mixed = mixed.part("photo", Part::bytes(jpeg(3))).text("photos", "photo");
    let mixed: Answers = send(&relay, &client, "", mixed).await.json().await.unwrap();
    assert_eq!(mixed, own);
}

#[tokio::test]
async fn only_single_photos_have_heat_maps() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let explained = answers(&relay, &client, "?explain=1", &[1, 2]).await;
    let predictor = model.predictor();
    let expected = [1, 2].map(|number| predictor.explain(&Photo::decode(&jpeg(number)).unwrap()).unwrap());
    assert_eq!(explained.photos, expected);
    assert_eq!(explained.pooled, answers(&relay, &client, "", &[1, 2]).await.pooled);
    let one = answers(&relay, &client, "?explain=1", &[1]).await;
    assert!(one.pooled.heatmap.is_none() && one.photos[0].heatmap.is_some());
    problem(send(&relay, &client, "?explain=yes", form([jpeg(1)])).await, 400, "bad-query").await;
}

#[tokio::test]
async fn the_first_faulty_photo_is_named_and_none_is_pooled() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let cut = jpeg(3)[..100].to_vec();
    let cases: [(Vec<Vec<u8>>, u16, &str, u64); 4] = [
        (vec![jpeg(1), cut.clone(), jpeg(2)], 422, "photo-cut-off", 1),
        (vec![jpeg(1), jpeg(2), Vec::new(), cut.clone()], 422, "photo-empty", 2),
        (vec![b"a text".to_vec(), cut], 415, "not-a-photo", 0),
        (vec![jpeg(1), vec![7; 9 << 20]], 413, "body-too-large", 1),
    ];
    for (photos, status, kind, index) in cases {
        let json = problem(send(&relay, &client, "", form(photos)).await, status, kind).await;
        assert_eq!(json["photo"], index, "{json}");
    }
    assert_eq!(answers(&relay, &client, "", &[1]).await.photos.len(), 1);
}

#[tokio::test]
async fn each_kind_of_invalid_request_has_its_problem_type() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let json = problem(send(&relay, &client, "", form(vec![jpeg(1); 7])).await, 400, "too-many-photos").await;
        assert!(json["detail"].as_str().unwrap().contains("at most 6") && json.get("photo").is_none(), "{json}");
        let json = problem(send(&relay, &client, "", Form::new().text("note", "x")).await, 400, "no-picture").await;
        assert!(json["detail"].as_str().unwrap().contains("`photo`"), "{json}");
        let plain = client.post(relay.url("/v1/predict")).body(jpeg(1)).send().await.unwrap();
        problem(plain, 415, "not-multipart").await;
        let cut = "--x\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nabc";
        let cut =
            client.post(relay.url("/v1/predict")).header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(cut);
        problem(cut.send().await.unwrap(), 400, "bad-multipart").await;
        // Each photo is within the limit, the sum is not.
        let json =
            problem(send(&relay, &client, "", form(vec![vec![7; 5 << 20]; 5])).await, 413, "body-too-large").await;
        assert!(json["detail"].as_str().unwrap().contains("24 MiB"), "{json}");
        let wrong_method = client.get(relay.url("/v1/predict")).send().await.unwrap();
        assert_eq!(wrong_method.headers()[ALLOW], "POST");
        problem(wrong_method, 405, "method-not-allowed").await;
        assert_eq!(answers(&relay, &client, "", &[1, 2]).await.photos.len(), 2);
    }
}

#[tokio::test]
async fn the_smallest_relay_takes_the_largest_request() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--queue", "1"]);
    let client = relay.client();
    // Noise, which does not compress: 3.75 MiB each, almost 24 MiB with framing.
    let noise = RgbImage::from_fn(1145, 1145, |x, y| {
        let mixed = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0x27D4_EB2F);
        image::Rgb([(mixed >> 24) as u8, (mixed >> 16) as u8, (mixed >> 8) as u8])
    });
    let large = encode(&noise, ImageFormat::Png);
    assert!((3_500_000..4_100_000).contains(&large.len()), "{}", large.len());
    for _ in 0..2 {
        let answer = send(&relay, &client, "", form(vec![large.clone(); 6])).await;
        assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.text().await);
    }
}
