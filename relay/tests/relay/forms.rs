//! Multipart forms as clients write them, and the errors of incomplete ones.

use crate::common::{Relay, TestModel, form, jpeg, problem};
use mango_relay_harness::Form;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

async fn send(relay: &Relay, client: &Client, path: &str, kind: &str, body: Vec<u8>) -> Response {
    client.post(relay.url(path)).header(CONTENT_TYPE, kind).body(body).send().await.unwrap()
}

/// A form with one part with this Content-Disposition.
fn with_disposition(boundary: &str, disposition: &str, bytes: &[u8]) -> Vec<u8> {
    Form::new(boundary).part(format_args!("{disposition}\r\nContent-Type: image/jpeg"), bytes).into_body()
}

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap()
}

#[tokio::test]
async fn an_unreadable_boundary_is_reported() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let photo = jpeg(1);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        for (path, part) in [("/upload_image", "picture"), ("/v1/predict", "photo")] {
            let body = |boundary: &str| with_disposition(boundary, &format!("form-data; name=\"{part}\""), &photo);
            for (kind, boundary, words) in [
                ("multipart/form-data", "x", "has no boundary"),
                ("Multipart/Form-Data; charset=utf-8", "x", "has no boundary"),
                ("multipart/form-data; boundary=----=_Part_7", "----=_Part_7", "cannot be read"),
                ("multipart/form-data; boundary=a/b?c", "a/b?c", "cannot be read"),
                ("multipart/form-data; boundary=other", "x", "does not begin with the boundary"),
            ] {
                let answer = send(&relay, &client, path, kind, body(boundary)).await;
                let problem = problem(answer, 400, "bad-multipart").await;
                let response = detail(&problem);
                assert!(response.contains(words) && response.contains("let the client set it"), "{kind}: {response}");
            }
            for (kind, boundary) in [
                ("multipart/form-data; boundary=\"----=_Part_7\"", "----=_Part_7"),
                ("multipart/form-data;boundary=----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk"),
                ("MULTIPART/FORM-DATA; charset=utf-8; Boundary=x", "x"),
            ] {
                let answer = send(&relay, &client, path, kind, body(boundary)).await;
                assert_eq!(answer.status(), StatusCode::OK, "{kind}: {:?}", answer.text().await);
            }
            for kind in ["image/jpeg", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"] {
                let answer = send(&relay, &client, path, kind, body("x")).await;
                let problem = problem(answer, 415, "not-multipart").await;
                assert!(detail(&problem).contains(part), "{problem}");
            }
        }
    }
}

#[tokio::test]
async fn a_part_is_found_by_its_name_with_any_file_name() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for disposition in [
        r#"form-data; filename="leaf.jpg"; name="picture""#,
        r#"form-data; filename="a; name=photo.jpg"; name="picture""#,
        r#"form-data; filename="a\"; name=\"photo\".jpg"; name="picture""#,
        r#"form-data; name="picture"; filename="叶; 子.jpg""#,
        r#"form-data; NAME=picture; filename=leaf.jpg"#,
        r#"form-data; filename*=UTF-8''%E5%8F%B6.jpg; name="picture""#,
    ] {
        let body = with_disposition("x", disposition, &jpeg(1));
        let answer = send(&relay, &client, "/upload_image", "multipart/form-data; boundary=x", body).await;
        assert_eq!(answer.status(), StatusCode::OK, "{disposition}: {:?}", answer.text().await);
    }
    let hidden = with_disposition("x", r#"form-data; filename="; name=picture; ""#, &jpeg(1));
    let answer = send(&relay, &client, "/upload_image", "multipart/form-data; boundary=x", hidden).await;
    problem(answer, 400, "no-picture").await;
}

#[tokio::test]
async fn a_photo_in_a_wrong_part_is_reported_with_the_right_name() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let kind = "multipart/form-data; boundary=x";
    for (path, part) in [("/upload_image", "picture"), ("/v1/predict", "photo")] {
        let response = async |name: &str| {
            let body =
                with_disposition("x", &format!("form-data; name=\"{name}\"; filename=\"my leaf.jpg\""), &jpeg(1));
            let problem = problem(send(&relay, &client, path, kind, body).await, 400, "no-picture").await;
            detail(&problem).to_owned()
        };
        let file = response("file").await;
        assert!(file.contains("part named `file`") && file.contains(&format!("name: \"{part}\"")), "{file}");
        assert!(file.contains("wx.uploadFile") && !file.contains("leaf.jpg\""), "{file}");
        let image = response("image").await;
        assert!(image.contains("`image`") && image.contains(&format!("`{part}`")), "{image}");
        // Names that may belong to a person are not repeated.
        let other = response("张三 的照片").await;
        assert!(other.contains(&format!("`{part}`")) && !other.contains("张三"), "{other}");
    }
    assert_eq!(client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap().status(), 200);
}
