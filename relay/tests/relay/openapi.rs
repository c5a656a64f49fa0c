//! `/openapi.json` and the endpoints that it describes. Schemathesis tests the endpoints against it in a step of `cargo
//! xtask test`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{Relay, TestModel};
use crate::feedback::fixtures;
use reqwest::header::{ALLOW, CONTENT_TYPE};
use reqwest::{Method, StatusCode};
use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

#[tokio::test]
async fn every_described_endpoint_exists_with_no_other_method() {
    let model = TestModel::new();
    let feedback = tempfile::tempdir().unwrap();
    let relay = Relay::start(&model, &["--feedback", feedback.path().to_str().unwrap()]);
    let client = relay.client();
    let code = fixtures::code(fixtures::send(&relay, &client, "healthy", 1).await).await;
    let answer = client.get(relay.url("/openapi.json")).send().await.unwrap();
    assert_eq!(
        (answer.status(), &answer.headers()[CONTENT_TYPE]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    let api: Value = answer.json().await.unwrap();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let paths = api["paths"].as_object().unwrap();
    for path in [
        "/",
        "/upload_image",
        "/v1/predict",
        "/v1/catalog",
        "/v1/device-model",
        "/v1/feedback",
        "/v1/feedback/{code}",
        "/v2",
        "/v2/models/{model}/infer",
        "/openapi.json",
    ] {
        assert!(paths.contains_key(path), "{path} is described");
    }
    for (path, item) in paths {
        let url = path.replace("{model}", "test-random").replace("{version}", "0.0.1").replace("{code}", &code);
        let url = relay.url(&url);
        let described = METHODS.map(|method| item.get(method).is_some());
        assert!(described.contains(&true), "{path}");
        for (method, described) in METHODS.into_iter().zip(described) {
            let sent = client.request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &url);
            let answer = sent.send().await.unwrap();
            if described {
                let unknown = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
                assert!(!unknown.contains(&answer.status()), "{method} {path}: {}", answer.status());
            } else {
                assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
                let allowed = answer.headers()[ALLOW].to_str().unwrap();
                let listed: Vec<String> =
                    allowed.split(',').map(|one| one.trim().to_lowercase()).filter(|one| one != "head").collect();
                let known: Vec<&str> = METHODS.into_iter().filter(|method| item.get(method).is_some()).collect();
                assert_eq!(listed, known, "{path}");
            }
        }
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string() && operation["responses"].is_object(), "{method} {path}");
            let guarded = ["408", "429", "500"].map(|status| operation["responses"].get(status).is_some());
            assert_eq!(guarded, [!["/livez", "/readyz"].contains(&path.as_str()); 3], "{method} {path}");
        }
    }
    // Under /v2 the path parameters name the relay's model.
    let parameters = paths["/v2/models/{model}/versions/{version}"]["get"]["parameters"].as_array().unwrap();
    let values: Vec<&Value> = parameters.iter().map(|parameter| &parameter["schema"]["enum"][0]).collect();
    assert_eq!(values, ["test-random", "0.0.1"]);
}

#[tokio::test]
async fn responses_of_the_rate_limit_are_described() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--rate-limit", "1"]);
    let client = relay.client();
    let api: Value = client.get(relay.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
    for (path, item) in api["paths"].as_object().unwrap() {
        let url = relay.url(&path.replace("{model}", "test-random").replace("{version}", "0.0.1"));
        for (method, operation) in item.as_object().unwrap() {
            let sent = client.request(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), &url);
            let answer = sent.send().await.unwrap();
            let described = &operation["responses"][answer.status().as_str()];
            let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap();
            assert!(described["content"].get(kind).is_some(), "{method} {path}: {} {kind}", answer.status());
            let exempt = ["/livez", "/readyz"].contains(&path.as_str());
            assert_eq!(answer.status() != StatusCode::TOO_MANY_REQUESTS, exempt, "{method} {path}");
        }
    }
}

/// The files of a folder, recursively.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn no_endpoint_is_without_a_description() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    // Tests have their own routes.
    let files = files(&folder).into_iter().filter(|path| !path.ends_with("tests.rs"));
    let mut routes = 0;
    for file in files.chain([folder.with_extension("rs")]) {
        let text = fs::read_to_string(&file).unwrap();
        routes += text.matches(".routes(routes!(").count();
        for undescribed in [".route(", ".route_service(", ".nest_service("] {
            assert!(!text.contains(undescribed), "{undescribed} in {}: use routes! and utoipa::path", file.display());
        }
    }
    assert!(routes > 15, "the endpoints are defined where this test looks for them");
}
