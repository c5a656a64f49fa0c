//! Cross-origin requests, as from the H5 builds of uni-app and Taro: browsers block them unless the operator allows
//! them.

use crate::common::{Relay, TestModel, form, jpeg, program};
use mango_relay_harness::Home;
use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN, VARY,
};
use reqwest::{Client, Method, StatusCode};

const PAGE: &str = "https://h5.example";

async fn preflight(relay: &Relay, client: &Client, path: &str, origin: &str) -> (StatusCode, HeaderMap) {
    let request = client.request(Method::OPTIONS, relay.url(path)).header(ORIGIN, origin);
    let request = request.header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let answer = request.header(ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-request-id").send().await.unwrap();
    (answer.status(), answer.headers().clone())
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn without_the_setting_no_response_allows_another_origin() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let (status, headers) = preflight(&relay, &client, "/upload_image", PAGE).await;
    assert_eq!((status, allowed(&headers)), (StatusCode::METHOD_NOT_ALLOWED, None));
    let upload = client.post(relay.url("/upload_image")).header(ORIGIN, PAGE).multipart(form(jpeg(1)));
    let answer = upload.send().await.unwrap();
    assert_eq!((answer.status(), allowed(answer.headers())), (StatusCode::OK, None));
}

#[tokio::test]
async fn an_allowed_origin_can_send_requests_and_read_errors() {
    let model = TestModel::new();
    let flags =
        ["--allow-origin", "https://H5.example:443", "--allow-origin", "http://localhost:5173", "--rate-limit", "9"];
    let relay = Relay::start(&model, &flags);
    for (client, origin) in
        [(relay.client(), PAGE), (relay.client_builder().http1_only().build().unwrap(), "http://localhost:5173")]
    {
        // Preflights do not count towards the rate limit.
        for path in ["/upload_image", "/v1/predict", "/v2/models/test-random/infer", "/nowhere"].repeat(4) {
            let (status, headers) = preflight(&relay, &client, path, origin).await;
            assert_eq!((status, allowed(&headers)), (StatusCode::OK, Some(origin)), "{path}");
            assert!(headers[ACCESS_CONTROL_ALLOW_METHODS].to_str().unwrap().contains("POST"), "{headers:?}");
            assert_eq!(headers[ACCESS_CONTROL_ALLOW_HEADERS], "content-type,x-request-id");
            assert_eq!(headers[ACCESS_CONTROL_MAX_AGE], "7200");
        }
    }
    let client = relay.client();
    let mut statuses = Vec::new();
    for (method, path) in [
        (Method::POST, "/upload_image"),
        (Method::POST, "/v1/predict"),
        (Method::PUT, "/upload_image"),
        (Method::GET, "/nowhere"),
        (Method::GET, "/v1/catalog"),
        (Method::GET, "/v2/models/other"),
        (Method::POST, "/v2/models/test-random/infer"),
        (Method::POST, "/upload_image?explain=maybe"),
        (Method::GET, "/v1/device-model"),
        (Method::GET, "/v1/catalog"),
        (Method::GET, "/readyz"),
    ] {
        let request = client.request(method, relay.url(path)).header(ORIGIN, PAGE).multipart(form(jpeg(1)));
        let answer = request.send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(allowed(headers), Some(PAGE), "{path}: {headers:?}");
        let exposed = headers[ACCESS_CONTROL_EXPOSE_HEADERS].to_str().unwrap().to_ascii_lowercase();
        assert!(exposed.contains("x-request-id") && exposed.contains("retry-after"), "{exposed}");
        let vary: Vec<_> = headers.get_all(VARY).iter().map(|value| value.to_str().unwrap().to_lowercase()).collect();
        assert!(vary.join(",").contains("origin"), "{vary:?}");
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [200, 400, 405, 404, 200, 404, 400, 400, 200, 429, 200]);
}

#[tokio::test]
async fn other_origins_are_not_allowed_and_a_star_allows_all() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--allow-origin", PAGE]);
    let client = relay.client();
    for origin in ["https://other.example", "http://h5.example", "https://h5.example.evil.example", "null"] {
        let (_, headers) = preflight(&relay, &client, "/upload_image", origin).await;
        assert_eq!(allowed(&headers), None, "{origin}");
    }
    let relay = Relay::start(&model, &["--allow-origin", "*"]);
    for origin in [PAGE, "null"] {
        let (status, headers) = preflight(&relay, &relay.client(), "/upload_image", origin).await;
        assert_eq!((status, allowed(&headers)), (StatusCode::OK, Some("*")));
    }
}

#[test]
fn an_invalid_origin_is_refused_before_the_socket_opens() {
    let home = Home::new().unwrap();
    let mut command = program();
    home.set(&mut command);
    let done = command.args(["serve", "--allow-origin", "https://h5.example/page"]).output().unwrap();
    let error = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1), "{error}");
    assert!(error.contains("--allow-origin https://h5.example/page") && error.contains("without a path"), "{error}");
}
