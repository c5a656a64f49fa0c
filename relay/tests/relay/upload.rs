//! `POST /upload_image`: real program, real TLS.

use std::collections::HashSet;

use crate::common::{Relay, TestModel, encode, form, jpeg};
use image::{ImageFormat, RgbImage};
use mango_inference::{Photo, Prediction};
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{StatusCode, Version};
use tokio::task::JoinSet;

#[tokio::test]
async fn the_tutorials_client_works() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();

    let hello = client.get(relay.url("/")).send().await.unwrap();
    assert_eq!(hello.status(), StatusCode::OK);
    assert_eq!(hello.text().await.unwrap(), "hello");

    let upload = || client.post(relay.url("/upload_image")).multipart(form(jpeg(1)));
    let json = upload().send().await.unwrap();
    assert_eq!(json.version(), Version::HTTP_2);
    assert_eq!(json.headers()[CONTENT_TYPE], "application/json");
    let prediction: Prediction = json.json().await.unwrap();
    assert_eq!(prediction.model.name, "test-random");
    assert_eq!(prediction.classes.len(), 8);

    let text = upload().header(ACCEPT, "text/plain").send().await.unwrap();
    assert_eq!(text.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(text.text().await.unwrap(), prediction.classes[0].id.as_str());
}

#[tokio::test]
async fn the_json_is_as_documented() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let answer = relay.client().post(relay.url("/upload_image")).multipart(form(jpeg(2))).send().await.unwrap();
    let json: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(json["model"], serde_json::json!({ "name": "test-random", "version": "0.0.1" }));
    assert!(["confident", "unsure"].contains(&json["verdict"].as_str().unwrap()), "{json}");
    let probabilities: Vec<f64> =
        json["classes"].as_array().unwrap().iter().map(|class| class["probability"].as_f64().unwrap()).collect();
    assert!(probabilities.is_sorted_by(|a, b| a >= b), "{json}");
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{json}");
    for class in json["classes"].as_array().unwrap() {
        let keys: Vec<&String> = class.as_object().unwrap().keys().collect();
        assert_eq!((keys.len(), &class["basis"]), (3, &"trained".into()), "{class}");
    }
    // There is a class group only with an unsure verdict.
    let known =
        |key: &str| ["model", "verdict", "classes"].contains(&key) || key == "guild" && json["verdict"] == "unsure";
    assert!(json.as_object().unwrap().keys().all(|key| known(key)), "{json}");
}

#[tokio::test]
async fn a_heat_map_is_returned_on_request() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let upload = |query: &str| client.post(relay.url("/upload_image") + query).multipart(form(jpeg(1)));
    let predictor = model.predictor();
    let photo = Photo::decode(&jpeg(1)).unwrap();

    let explained: Prediction = upload("?lang=zh&explain=1").send().await.unwrap().json().await.unwrap();
    assert_eq!(explained, predictor.explain(&photo).unwrap());
    let heatmap = explained.heatmap.unwrap();
    assert_eq!(heatmap.values.len(), heatmap.width * heatmap.height);
    assert!(heatmap.values.contains(&1.0), "{heatmap:?}");

    for query in ["", "?explain=0", "?lang=zh"] {
        let plain: Prediction = upload(query).send().await.unwrap().json().await.unwrap();
        assert_eq!(plain, predictor.predict(&photo).unwrap(), "{query}");
    }
    let text = upload("?explain=1").header(ACCEPT, "text/plain").send().await.unwrap();
    assert_eq!(text.text().await.unwrap(), explained.classes[0].id.as_str());
}

#[tokio::test]
async fn sixty_four_concurrent_uploads_get_their_own_predictions() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let photos: Vec<Vec<u8>> = (0..64).map(jpeg).collect();
    let predictor = model.predictor();
    let expected: Vec<Prediction> =
        photos.iter().map(|photo| predictor.predict(&Photo::decode(photo).unwrap()).unwrap()).collect();
    let distinct: HashSet<String> = expected.iter().map(|prediction| format!("{prediction:?}")).collect();
    assert_eq!(distinct.len(), 64, "the predictions differ");
    let first: HashSet<_> = expected.iter().map(|prediction| prediction.classes[0].id.clone()).collect();
    assert!(first.len() > 1, "not all of one class");

    // HTTP/1.1 uses a connection for each upload, HTTP/2 one for all.
    for client in [relay.client_builder().http1_only().build().unwrap(), relay.client()] {
        let mut uploads = JoinSet::new();
        for (number, photo) in photos.iter().cloned().enumerate() {
            let upload = client.post(relay.url("/upload_image")).multipart(form(photo)).send();
            uploads.spawn(async move {
                let answer = upload.await.unwrap();
                let (status, body) = (answer.status(), answer.text().await.unwrap());
                assert_eq!(status, StatusCode::OK, "upload {number}: {body}");
                (number, serde_json::from_str::<Prediction>(&body).unwrap())
            });
        }
        let answers = uploads.join_all().await;
        assert_eq!(answers.len(), 64);
        for (number, answer) in answers {
            assert_eq!(answer, expected[number], "upload {number}");
        }
    }
}

#[tokio::test]
async fn requests_beyond_the_slots_get_503_at_once() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--queue", "1"]);
    let client = relay.client_builder().http1_only().build().unwrap();
    let slow = encode(&RgbImage::new(4800, 4800), ImageFormat::Png);
    let mut uploads = JoinSet::new();
    for _ in 0..16 {
        uploads.spawn(client.post(relay.url("/upload_image")).multipart(form(slow.clone())).send());
    }
    let answers: Vec<_> = uploads.join_all().await.into_iter().map(Result::unwrap).collect();
    let answered = answers.iter().filter(|answer| answer.status() == StatusCode::OK).count();
    assert!(answered >= 1);
    let refused: Vec<_> =
        answers.into_iter().filter(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert_eq!(answered + refused.len(), 16);
    assert!(!refused.is_empty(), "16 at once do not fit into one slot");
    for answer in refused {
        assert_eq!(answer.headers()[RETRY_AFTER], "2");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["type"], "urn:mango-scout:problem:overloaded");
    }
    let later = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(later.status(), StatusCode::OK);
}
