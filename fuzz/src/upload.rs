//! Forms with photos: `POST /upload_image` and `POST /v1/predict`.

use mango_inference::Prediction;
use serde::Deserialize;
use serde_json::Value;

use crate::service::{Answer, RawRequest};
use crate::sound;

/// Allowed statuses for any form: success, or a client error.
const STATUSES: [u16; 6] = [200, 400, 404, 413, 415, 422];

/// The response of `/v1/predict`.
#[derive(Deserialize)]
struct Answers {
    pooled: Prediction,
    photos: Vec<Prediction>,
}

/// Sends a form to the service.
pub fn upload(bytes: &[u8]) -> bool {
    let Some(mut request) = RawRequest::read(bytes) else { return false };
    // Other paths would only test the router.
    if !request.path.starts_with("/v1/predict") && !request.path.starts_with("/upload_image") {
        request.path = "/upload_image";
    }
    let path = request.path.to_owned();
    let Some(answer) = request.post() else { return false };
    let Answer { status, headers, body } = &answer;
    assert!(STATUSES.contains(&status.as_u16()), "{path}: {answer:?}");
    assert!(headers.contains_key("x-request-id"), "{path}: {answer:?}");
    match answer.kind() {
        "application/problem+json" => problem(&answer),
        "application/json" if path.starts_with("/v1/predict") => {
            let Answers { pooled, photos } = serde_json::from_slice(body).expect("answers");
            assert!((1..=6).contains(&photos.len()));
            photos.iter().chain([&pooled]).for_each(sound::prediction);
        }
        "application/json" => sound::prediction(&serde_json::from_slice(body).expect("a prediction")),
        _ => {
            assert_eq!((status.as_u16(), answer.kind()), (200, "text/plain; charset=utf-8"), "{path}: {answer:?}");
            assert!(!body.is_empty());
        }
    }
    status.is_success()
}

fn problem(answer: &Answer) {
    let problem: Value = serde_json::from_slice(&answer.body).expect("a problem");
    assert_eq!(problem["status"], answer.status.as_u16(), "{problem}");
    for member in ["type", "title", "detail"] {
        let text = problem[member].as_str().unwrap_or_default();
        assert!(!text.is_empty() && !text.contains(char::is_control), "{problem}");
    }
}
