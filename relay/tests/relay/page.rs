//! The page for browsers. Its behaviour is tested in a browser, in `relay/tests/page`.

use crate::common::{Relay, TestModel};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

fn sha256_base64(text: &str) -> String {
    let hex = mango_inference::sha256(text.as_bytes());
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|place| u8::from_str_radix(&hex[place..place + 2], 16).unwrap()).collect();
    STANDARD.encode(bytes)
}

/// The content of the only element of that name.
fn inside<'a>(html: &'a str, tag: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("<{tag}")).unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (inside, rest) = rest.split_once(&format!("</{tag}>")).unwrap();
    assert!(!rest.contains(&format!("<{tag}")), "one {tag} only");
    inside
}

#[tokio::test]
async fn browsers_get_the_page_and_other_clients_hello() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for accept in ["", "*/*", "application/json, text/plain, */*", "text/plain"] {
        let answer = client.get(relay.url("/")).header(ACCEPT, accept).send().await.unwrap();
        assert_eq!((answer.status(), &answer.headers()[VARY]), (StatusCode::OK, &"Accept".parse().unwrap()));
        assert_eq!(answer.text().await.unwrap(), "hello");
    }
    let page = client.get(relay.url("/")).header(ACCEPT, BROWSER).send().await.unwrap();
    assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(
        (&page.headers()[VARY], &page.headers()[X_CONTENT_TYPE_OPTIONS]),
        (&"Accept".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    let known = client.get(relay.url("/")).header(ACCEPT, BROWSER).header(IF_NONE_MATCH, &page.headers()[ETAG]);
    assert_eq!(known.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_page_states_the_limits() {
    let model = TestModel::new();
    let flags = ["--max-photo", "3MB", "--max-request-size", "5500kB", "--max-photos", "2", "--max-pixels", "12MP"];
    let relay = Relay::start(&model, &flags);
    let page = relay.client().get(relay.url("/")).header(ACCEPT, BROWSER).send().await.unwrap().text().await.unwrap();
    let (_, drop) = page.split_once("id=\"drop\"").unwrap();
    let (drop, _) = drop.split_once("</label>").unwrap();
    for limit in ["at most 2", "JPEG, PNG or WebP", "3 MB", "5.5 MB", "1200 万像素", "12 megapixels"] {
        assert!(drop.contains(limit), "{limit}: {drop}");
    }
    assert!(
        page.contains("data-most=\"2\"") && !page.contains("{{p") && !page.contains("{{b"),
        "every limit is filled in"
    );
}

#[tokio::test]
async fn the_policy_allows_only_the_pages_own_script_and_style() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let page = relay.client().get(relay.url("/")).header(ACCEPT, BROWSER).send().await.unwrap();
    let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let html = page.text().await.unwrap();
    assert!(!html.contains("{{s"), "every part is filled in");
    for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
        let rule = format!("; {directive} 'sha256-{}';", sha256_base64(inside(&html, tag)));
        assert!(policy.contains(&rule), "{rule} in {policy}");
    }
    assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    for lax in ["unsafe", "*", "http"] {
        assert!(!policy.contains(lax), "{policy}");
    }
    // Nothing is loaded from elsewhere, and no text from a server or a file name is used as markup. The drawings refer to
    // shapes of their own.
    let html = html.replace("url(#", "");
    for outside in ["src=\"http", "href=\"http", "@import", "url(", "innerHTML", "insertAdjacentHTML", "style=\""] {
        assert!(!html.contains(outside), "{outside}");
    }
}
