//! Downloads of phones: the catalog and the model for phones. Real program, real TLS.

use std::fs;
use std::path::Path;

use crate::common::{Relay, TestModel, problem, refusal};
use crate::galleries::fixtures::Orchard;
use mango_inference::{Backend, Catalog, Gallery, ModelBundle, Photo, Predictor, sha256};
use mango_relay_harness::Home;
use reqwest::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

async fn get(relay: &Relay, client: &Client, path: &str) -> Response {
    client.get(relay.url(path)).send().await.unwrap()
}

async fn description(relay: &Relay, client: &Client) -> Value {
    get(relay, client, "/v1/device-model").await.json().await.unwrap()
}

/// A gallery file for that model, with a class that nothing else has.
fn orchard_of(model: &TestModel) -> Vec<u8> {
    let orchard = Orchard::new();
    orchard.teach(model.path(), &["red", "blue"]);
    orchard.file()
}

/// Checks the ETag of a path: a client with the content gets 304.
async fn has_an_etag(relay: &Relay, client: &Client, path: &str) {
    let first = get(relay, client, path).await;
    assert_eq!(first.status(), StatusCode::OK, "{path}");
    let headers = first.headers().clone();
    let tag = headers[ETAG].to_str().unwrap();
    let body = first.bytes().await.unwrap();
    assert_eq!(tag, format!("\"{}\"", &sha256(&body)[..16]), "a strong tag of the content");
    for (known, status) in [(tag, 304), (&format!("W/{tag}"), 304), ("*", 304), ("\"0123456789abcdef\"", 200)] {
        let again = client.get(relay.url(path)).header(IF_NONE_MATCH, known).send().await.unwrap();
        assert_eq!(again.status(), status, "{path} {known}");
        assert_eq!(
            (&again.headers()[ETAG], &again.headers()[CACHE_CONTROL]),
            (&headers[ETAG], &headers[CACHE_CONTROL])
        );
        assert_eq!(again.bytes().await.unwrap().len(), if status == 304 { 0 } else { body.len() });
    }
    let head = client.head(relay.url(path)).send().await.unwrap();
    assert_eq!((head.status(), &head.headers()[ETAG]), (StatusCode::OK, &headers[ETAG]));
    assert_eq!(head.headers()[CONTENT_LENGTH], body.len().to_string().as_str());
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_catalog_is_that_of_the_repository_and_has_an_etag() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let answer = get(&relay, &client, "/v1/catalog").await;
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-cache");
        let catalog = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/catalog.json")).unwrap();
        assert_eq!(answer.text().await.unwrap(), catalog);
        has_an_etag(&relay, &client, "/v1/catalog").await;
        problem(client.post(relay.url("/v1/catalog")).send().await.unwrap(), 405, "method-not-allowed").await;
    }
}

/// Downloads the model as a phone does, and runs its self-test.
async fn passes_its_self_test(relay: &Relay, client: &Client, description: &Value) {
    let mut files = Vec::new();
    for part in ["manifest", "weights", "gallery"] {
        let listed = &description[part];
        if listed.is_null() {
            continue;
        }
        let url = listed["url"].as_str().unwrap();
        let answer = get(relay, client, url).await;
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        assert!(answer.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"), "{url}");
        let bytes = answer.bytes().await.unwrap().to_vec();
        assert_eq!(
            (listed["bytes"].as_u64().unwrap(), listed["sha256"].as_str().unwrap()),
            (bytes.len() as u64, &*sha256(&bytes))
        );
        has_an_etag(relay, client, url).await;
        files.push(bytes);
    }
    let mut files = files.into_iter();
    let manifest = String::from_utf8(files.next().unwrap()).unwrap();
    let bundle = ModelBundle::new(&manifest, files.next().unwrap()).unwrap();
    let galleries: Vec<Gallery> = files.map(|bytes| Gallery::parse(&bytes).unwrap()).collect();
    let predictor = Predictor::new(&bundle, Backend::default()).unwrap().with_guilds(&Catalog::builtin().unwrap());
    let predictor = predictor.with_galleries(&galleries).unwrap();
    let id = &bundle.manifest().model;
    assert_eq!((description["name"].as_str(), description["version"].as_str()), (Some(&*id.name), Some(&*id.version)));
    assert_eq!(description["embedding"], predictor.embedding_id().to_string());

    let test = &description["self_test"];
    let photo = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, test["photo"].as_str().unwrap());
    let prediction = predictor.predict(&Photo::decode(&photo.unwrap()).unwrap()).unwrap();
    let prediction = serde_json::to_value(prediction).unwrap();
    assert_eq!(test["verdict"], prediction["verdict"]);
    let stated = test["classes"].as_array().unwrap();
    assert_eq!(stated.len(), predictor.classes().len());
    for (stated, found) in stated.iter().zip(prediction["classes"].as_array().unwrap()) {
        assert_eq!((&stated["id"], stated.as_object().unwrap().len()), (&found["id"], 2));
        let difference = stated["probability"].as_f64().unwrap() - found["probability"].as_f64().unwrap();
        // Probabilities have four digits.
        assert!(difference.abs() < 1e-4, "{stated} {found}");
    }
}

#[tokio::test]
async fn the_embedded_model_passes_its_self_test_after_download() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let answer = get(&relay, &client, "/v1/device-model").await;
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-cache");
    let description: Value = answer.json().await.unwrap();
    assert_eq!(description["name"], "leaf-mini");
    assert!(description["gallery"].is_object());
    has_an_etag(&relay, &client, "/v1/device-model").await;
    passes_its_self_test(&relay, &client, &description).await;
}

#[tokio::test]
async fn a_wrong_version_is_refused_and_a_request_without_version_is_not_cached() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for path in ["/v1/device-model/manifest.json", "/v1/device-model/weights", "/v1/device-model/gallery"] {
        let other = get(&relay, &client, &format!("{path}?v=0123456789abcdef")).await;
        assert_eq!(other.headers()[CACHE_CONTROL], "no-store");
        problem(other, 404, "model-replaced").await;
        problem(get(&relay, &client, &format!("{path}?v=")).await, 404, "model-replaced").await;
        assert_eq!(get(&relay, &client, path).await.headers()[CACHE_CONTROL], "no-cache");
    }
    problem(client.post(relay.url("/v1/device-model")).send().await.unwrap(), 405, "method-not-allowed").await;
    problem(get(&relay, &client, "/v1/device-model/weights.bpk").await, 404, "unknown-path").await;
}

#[tokio::test]
async fn another_model_for_phones_can_be_served_with_or_without_a_gallery() {
    let (model, phones) = (TestModel::new(), TestModel::seeded(11));
    let flags = ["--model", model.path().to_str().unwrap(), "--device-model", phones.path().to_str().unwrap()];
    let relay = Relay::start_in(Home::new().unwrap(), &flags);
    let client = relay.client();
    let bare = description(&relay, &client).await;
    assert_eq!((&bare["name"], &bare["gallery"]), (&"test-random".into(), &Value::Null));
    passes_its_self_test(&relay, &client, &bare).await;
    problem(get(&relay, &client, "/v1/device-model/gallery").await, 404, "unknown-path").await;
    problem(get(&relay, &client, "/v1/device-model/gallery?v=0123456789abcdef").await, 404, "model-replaced").await;

    fs::write(phones.path().join("pests.gallery"), orchard_of(&phones)).unwrap();
    let relay = Relay::start_in(relay.stop(), &flags);
    let client = relay.client();
    let full = description(&relay, &client).await;
    assert_eq!(full["weights"], bare["weights"]);
    assert!(full["self_test"]["classes"].as_array().unwrap().iter().any(|class| class["id"] == "red"), "{full}");
    passes_its_self_test(&relay, &client, &full).await;
}

#[test]
fn an_invalid_model_for_phones_prevents_the_start() {
    let (model, phones) = (TestModel::new(), TestModel::seeded(11));
    let says = |folder: &Path| {
        refusal(&["--model", model.path().to_str().unwrap(), "--device-model", folder.to_str().unwrap()])
    };
    let nothing = tempfile::tempdir().unwrap();
    let error = says(nothing.path());
    assert!(error.contains("model for phones") && error.contains("manifest.json"), "{error}");

    let gallery = phones.path().join("pests.gallery");
    fs::write(&gallery, orchard_of(&model)).unwrap();
    let error = says(phones.path());
    assert!(error.contains("pests.gallery") && error.contains("another model"), "{error}");
    fs::write(&gallery, b"other").unwrap();
    let error = says(phones.path());
    assert!(error.contains("pests.gallery") && error.contains("no gallery"), "{error}");
    fs::remove_file(&gallery).unwrap();
    fs::write(phones.path().join("weights.bpk"), b"other").unwrap();
    let error = says(phones.path());
    assert!(error.contains("weights.sha256") && error.contains(phones.path().to_str().unwrap()), "{error}");
}
