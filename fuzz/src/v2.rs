//! Inference requests of the Open Inference Protocol.

use axum::http::HeaderValue;
use serde_json::Value;

use crate::service::{Answer, RawRequest};
use crate::tiny;

/// Allowed statuses for any request; 405 for a path with only GET.
const STATUSES: [u16; 7] = [200, 400, 404, 405, 413, 415, 422];

/// The header with the length of the JSON before binary data.
const LENGTH: &str = "inference-header-content-length";

/// As the value of [`LENGTH`]: the JSON is the first line of the body. A number would be wrong after most mutations of
/// the JSON.
const FIRST_LINE: &str = "line";

/// Sends an inference request to the service.
pub fn v2(bytes: &[u8]) -> bool {
    let Some(mut request) = RawRequest::read(bytes) else { return false };
    let path = format!("/v2/models/{}/infer", tiny::NAME);
    if !request.path.starts_with("/v2/models/") {
        request.path = &path;
    }
    let line = request.body.iter().position(|byte| *byte == b'\n').map_or(request.body.len(), |end| end + 1);
    for (_, value) in request.headers.iter_mut().filter(|(name, value)| name == LENGTH && value == FIRST_LINE) {
        *value = HeaderValue::from(line);
    }
    let Some(answer) = request.post() else { return false };
    let Answer { status, headers, body } = &answer;
    assert!(STATUSES.contains(&status.as_u16()), "{answer:?}");
    assert!(headers.contains_key("x-request-id"), "{answer:?}");
    if !status.is_success() {
        let failure: Value = serde_json::from_slice(body).expect("a failure");
        let text = failure["error"].as_str().unwrap_or_default();
        assert!(!text.is_empty() && !text.contains(char::is_control), "{failure}");
        return false;
    }
    let length = match answer.kind() {
        "application/json" => body.len(),
        "application/octet-stream" => headers[LENGTH].to_str().unwrap().parse().expect("a length"),
        _ => panic!("{answer:?}"),
    };
    let (json, binary) = body.split_at(length);
    outputs(&serde_json::from_slice(json).expect("an inference response"), binary.len());
    true
}

/// Each output has data, in the JSON or after it, and there is nothing else.
fn outputs(response: &Value, binary: usize) {
    assert_eq!(response["model_name"], tiny::NAME, "{response}");
    let outputs = response["outputs"].as_array().expect("outputs");
    assert!(!outputs.is_empty(), "{response}");
    let mut behind = 0;
    for output in outputs {
        let elements: u64 = output["shape"].as_array().expect("a shape").iter().filter_map(Value::as_u64).product();
        match (&output["data"], output["parameters"]["binary_data_size"].as_u64()) {
            (Value::Array(data), None) => assert_eq!(data.len() as u64, elements, "{output}"),
            (Value::Null, Some(size)) => behind += size,
            _ => panic!("{output}"),
        }
    }
    assert_eq!(behind, binary as u64, "{response}");
}
