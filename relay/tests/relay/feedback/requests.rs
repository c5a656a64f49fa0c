//! `/v1/feedback` and `mango-relay feedback`: real program, real TLS.

use std::collections::HashSet;
use std::fs;

use crate::common::{Relay, TestModel, encode, jpeg, picture, problem, refusal};
use crate::feedback::fixtures::{FIELDS, Kept, body, code, delete, file, request, send};
use image::{ImageFormat, RgbImage};
use mango_inference::Photo;
use reqwest::header::{CONTENT_TYPE, ORIGIN, RETRY_AFTER};
use serde_json::{Value, json};

#[tokio::test]
async fn a_relay_keeps_no_feedback_by_default() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    problem(client.get(relay.url("/v1/feedback")).send().await.unwrap(), 404, "feedback-off").await;
    problem(send(&relay, &client, "anthracnose", 1).await, 404, "feedback-off").await;
    problem(delete(&relay, &client, "2P3TYvZ0mQm1bLJ0a8kzWQ").await, 404, "feedback-off").await;
}

#[tokio::test]
async fn a_photo_is_kept_until_its_sender_deletes_it() {
    let kept = Kept::new();
    let relay = kept.relay(&["--feedback-days", "30"]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let terms = client.get(relay.url("/v1/feedback")).send().await.unwrap();
        assert_eq!(terms.json::<Value>().await.unwrap(), json!({ "days": 30 }));

        let answer = send(&relay, &client, "anthracnose", 7).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()[CONTENT_TYPE]),
            (201, &"application/json".parse().unwrap())
        );
        let receipt: Value = answer.json().await.unwrap();
        let code = receipt["code"].as_str().unwrap();
        assert_eq!((receipt["days"].as_u64(), code.len(), receipt.as_object().unwrap().len()), (Some(30), 22, 2));

        let records = kept.list();
        assert_eq!(records.len(), 1);
        let [record] = records.as_slice() else { panic!("{records:?}") };
        for (field, value) in FIELDS {
            assert_eq!(record[field], value);
        }
        assert_eq!(record["day"].as_str().unwrap().len(), 10);
        // Neither the code nor the client's address is anywhere in the folder.
        let content = fs::read(file(kept.path(), record)).unwrap();
        let names = kept.files().join(" ");
        for secret in [code, "127.0.0.1"] {
            assert!(!names.contains(secret) && !content.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
        let (folder, exported) = kept.exported();
        let photo = fs::read(folder.path().join(exported[0]["file"].as_str().unwrap())).unwrap();
        assert_eq!(Photo::decode(&photo).unwrap().pixels().dimensions(), picture(7).dimensions());

        let wrong = if code.starts_with('A') { code.replacen('A', "B", 1) } else { format!("A{}", &code[1..]) };
        problem(delete(&relay, &client, &wrong).await, 404, "unknown-code").await;
        let deleted = delete(&relay, &client, code).await;
        assert_eq!(deleted.status(), 204);
        assert!(deleted.bytes().await.unwrap().is_empty());
        assert!(kept.files().is_empty());
        problem(delete(&relay, &client, code).await, 404, "unknown-code").await;
    }
    assert!(!relay.log().contains("/v1/feedback/A"), "a code is in the log: {}", relay.log());
}

#[tokio::test]
async fn only_the_upright_pixels_of_a_photo_are_kept() {
    let kept = Kept::new();
    let relay = kept.relay(&[]);
    let client = relay.client();
    let plain = encode(&RgbImage::from_fn(2000, 900, |x, y| image::Rgb([x as u8, y as u8, 60])), ImageFormat::Jpeg);
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x08\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRETS\0";
    let comment = b"\xff\xfe\0\x09SECRETS";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let photo = [&plain[..2], &[0xff, 0xe1], &length, exif, comment, &plain[2..]].concat();
    code(request(&relay, &client, &FIELDS, &photo).send().await.unwrap()).await;
    let record = fs::read(file(kept.path(), &kept.list()[0])).unwrap();
    for text in [b"SECRETS".as_slice(), b"Exif"] {
        assert!(!record.windows(text.len()).any(|part| part == text));
    }
    let (folder, exported) = kept.exported();
    let photo = fs::read(folder.path().join(exported[0]["file"].as_str().unwrap())).unwrap();
    assert_eq!(Photo::decode(&photo).unwrap().pixels().dimensions(), (576, 1280));
}

#[tokio::test]
async fn what_is_not_a_form_with_a_photo_is_refused_and_nothing_is_kept() {
    let kept = Kept::new();
    let relay = kept.relay(&["--max-photo", "100kB"]);
    let client = relay.client();
    let with = |name: &str, value: &'static str| -> Vec<(&str, &str)> {
        FIELDS.iter().map(|field| if field.0 == name { (field.0, value) } else { *field }).collect()
    };
    for (fields, part) in [
        (with("label", "no_such_class"), "`label` is none of the classes"),
        (with("label", "../../etc"), "`label` is none of the classes"),
        (with("answer", "A"), "`answer` is no class id"),
        (with("verdict", "certain"), "`verdict` is confident"),
        (with("model", "a\u{7}b"), "`model` has 1 to 64 bytes"),
        (FIELDS[1..].to_vec(), "no part named `label`"),
        ([&FIELDS[..], &FIELDS[..1]].concat(), "two parts named `label`"),
    ] {
        let json =
            problem(request(&relay, &client, &fields, &jpeg(1)).send().await.unwrap(), 400, "bad-feedback").await;
        assert!(json["detail"].as_str().unwrap().contains(part), "{json}");
    }
    let long = "x".repeat(65);
    let fields = [FIELDS[0], FIELDS[1], FIELDS[2], ("model", long.as_str())];
    problem(request(&relay, &client, &fields, &jpeg(1)).send().await.unwrap(), 400, "bad-feedback").await;
    let (kind, form) = body(&FIELDS, &jpeg(1));
    let form = String::from_utf8_lossy(&form).replace("name=\"picture\"", "name=\"file\"");
    let renamed = client.post(relay.url("/v1/feedback")).header(CONTENT_TYPE, kind).body(form);
    problem(renamed.send().await.unwrap(), 400, "no-picture").await;
    let text = client.post(relay.url("/v1/feedback")).body("hello").send().await.unwrap();
    problem(text, 415, "not-multipart").await;
    for (photo, status, kind) in [
        (b"no photo at all".to_vec(), 415, "not-a-photo"),
        (jpeg(1)[..200].to_vec(), 422, "photo-cut-off"),
        (vec![7; 200_000], 413, "body-too-large"),
    ] {
        problem(request(&relay, &client, &FIELDS, &photo).send().await.unwrap(), status, kind).await;
    }
    for code in ["..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%00", "%ff", "a", &"A".repeat(9000), "芒果"] {
        let answer = delete(&relay, &client, code).await;
        assert_eq!(answer.status(), 404, "{code}");
    }
    assert!(kept.files().is_empty(), "{:?}", kept.files());
    // A label that is unknown, or one of the model's own galleries, is sound.
    code(request(&relay, &client, &with("label", "unknown"), &jpeg(1)).send().await.unwrap()).await;
    assert_eq!(kept.list()[0]["label"], "unknown");
}

#[tokio::test]
async fn quotas_bound_what_is_kept() {
    let kept = Kept::new();
    let relay = kept.relay(&["--feedback-files", "2", "--feedback-per-day", "4"]);
    let client = relay.client();
    let first = code(send(&relay, &client, "healthy", 1).await).await;
    code(send(&relay, &client, "healthy", 2).await).await;
    problem(send(&relay, &client, "healthy", 3).await, 507, "feedback-full").await;
    assert_eq!(kept.list().len(), 2);
    assert_eq!(relay.metric("feedback_records").await, 2.0);
    assert_eq!(delete(&relay, &client, &first).await.status(), 204);
    for number in [3, 4] {
        let last = code(send(&relay, &client, "healthy", number).await).await;
        assert_eq!(delete(&relay, &client, &last).await.status(), 204);
    }
    // Four photos of this client were kept today, deleted ones included. Those that were refused do not count.
    let over = send(&relay, &client, "healthy", 5).await;
    let seconds: u64 = over.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=24 * 3600).contains(&seconds));
    problem(over, 429, "rate-limited").await;
    let predicted =
        client.post(relay.url("/upload_image")).multipart(crate::common::form(jpeg(1))).send().await.unwrap();
    assert_eq!(predicted.status(), 200);

    let bytes = kept.list()[0]["bytes"].as_u64().unwrap();
    assert_eq!(relay.metric("feedback_bytes").await, bytes as f64);
    let relay = kept.relay(&["--feedback-bytes", &(bytes + 10).to_string()]);
    problem(send(&relay, &relay.client(), "healthy", 1).await, 507, "feedback-full").await;
}

#[tokio::test]
async fn a_relay_that_takes_no_more_still_deletes() {
    let kept = Kept::new();
    let relay = kept.relay(&[]);
    let code = code(send(&relay, &relay.client(), "healthy", 1).await).await;
    let relay = kept.relay_in(relay.stop(), &["--feedback-per-day", "0"]);
    let client = relay.client();
    problem(client.get(relay.url("/v1/feedback")).send().await.unwrap(), 404, "feedback-off").await;
    problem(send(&relay, &client, "healthy", 1).await, 404, "feedback-off").await;
    assert_eq!(delete(&relay, &client, &code).await.status(), 204);
    assert!(kept.files().is_empty());
}

#[tokio::test]
async fn expired_records_are_removed_at_the_start() {
    let kept = Kept::new();
    let relay = kept.relay(&[]);
    let client = relay.client();
    let mut codes = Vec::new();
    for number in 1..=3 {
        codes.push(code(send(&relay, &client, "healthy", number).await).await);
    }
    let home = relay.stop();
    let records = kept.list();
    let today = records[0]["day"].as_str().unwrap();
    for (record, year) in records.iter().zip(["2001", "2002"]) {
        let path = file(kept.path(), record);
        let content = fs::read(&path).unwrap();
        let end = content.iter().position(|byte| *byte == b'\n').unwrap();
        let header = String::from_utf8(content[..end].to_vec()).unwrap().replace(today, &format!("{year}-06-01"));
        fs::write(&path, [header.as_bytes(), &content[end..]].concat()).unwrap();
    }
    assert_eq!(kept.list().len(), 3);
    let relay = kept.relay_in(home, &["--feedback-days", "365"]);
    assert_eq!(kept.list(), records[2..]);
    let mut statuses = Vec::new();
    for code in &codes {
        statuses.push(delete(&relay, &relay.client(), code).await.status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404]);
}

#[tokio::test]
async fn records_are_listed_exported_and_deleted_by_the_operator() {
    let kept = Kept::new();
    let relay = kept.relay(&[]);
    let client = relay.client();
    assert!(kept.does(&["list"]).contains("0 records"));
    let mut codes = Vec::new();
    for (number, label) in [(1, "anthracnose"), (2, "anthracnose"), (3, "healthy"), (4, "unknown")] {
        codes.push(code(send(&relay, &client, label, number).await).await);
    }
    let table = kept.does(&["list"]);
    assert!(table.contains("4 records") && table.contains("炭疽病 Anthracnose") && table.contains("unsure"), "{table}");

    let to = tempfile::tempdir().unwrap();
    let export = || kept.does(&["export", "--to", to.path().to_str().unwrap()]);
    assert!(export().contains("index.html in a browser"));
    let photos = |label: &str| fs::read_dir(to.path().join(label)).map_or(0, Iterator::count);
    assert_eq!(["anthracnose", "healthy", "unknown"].map(photos), [2, 1, 1]);
    let page = fs::read_to_string(to.path().join("index.html")).unwrap();
    for part in ["炭疽病", "Anthracnose", "localStorage", "review.json"] {
        assert!(page.contains(part), "{part}");
    }
    for part in ["http://", "https://", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!page.contains(part), "the page needs no network: {part}");
    }
    fs::write(to.path().join("review.json"), "{}").unwrap();

    // A grower and the operator delete one each; the next export follows.
    assert_eq!(delete(&relay, &client, &codes[2]).await.status(), 204);
    let records = kept.list();
    let unknown = records.iter().find(|record| record["label"] == "unknown").unwrap();
    let deleted = kept.does(&["delete", &unknown["id"].as_str().unwrap()[..12].to_uppercase()]);
    assert!(deleted.contains("1 record deleted, 2 records left"), "{deleted}");
    problem(delete(&relay, &client, &codes[3]).await, 404, "unknown-code").await;
    export();
    assert_eq!(["anthracnose", "healthy", "unknown"].map(photos), [2, 0, 0]);
    assert!(!to.path().join("healthy").exists() && to.path().join("review.json").exists());
    assert!(kept.refuses(&["delete", "00000000"]).contains("no record's id begins with 00000000"));
    assert!(kept.refuses(&["delete", "--code", &codes[3]]).contains("no record has that code"));
    kept.does(&["delete", "--code", &codes[0]]);
    kept.does(&["delete", "--all"]);
    assert!(kept.files().is_empty());

    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("letter.txt"), "mine").unwrap();
    let error = kept.refuses(&["export", "--to", other.path().to_str().unwrap()]);
    assert!(error.contains("has other files"), "{error}");
    let codes: HashSet<String> = codes.into_iter().collect();
    assert_eq!(codes.len(), 4);
}

#[test]
fn a_damaged_record_is_named_and_left_out() {
    let kept = Kept::new();
    fs::write(kept.path().join(format!("{}.feedback", "0".repeat(32))), b"damaged").unwrap();
    fs::write(kept.path().join("notes.txt"), b"of the operator").unwrap();
    let output =
        crate::common::program().args(["feedback", "--feedback"]).arg(kept.path()).arg("list").output().unwrap();
    assert!(output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("00000000.feedback: its first line is not a record's") && stderr.lines().count() == 1,
        "{stderr}"
    );
    // It does not prevent the start.
    drop(kept.relay(&[]));
}

#[test]
fn a_folder_that_cannot_be_used_prevents_the_start() {
    let model = TestModel::new();
    let says = |folder: &str| refusal(&["--model", model.path().to_str().unwrap(), "--feedback", folder]);
    let folder = tempfile::tempdir().unwrap();
    assert!(says(folder.path().join("missing").to_str().unwrap()).contains("--feedback"));
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(says(file.to_str().unwrap()).contains("this is a file, give a folder"));
    #[cfg(target_os = "linux")]
    assert!(says("/proc/self").contains("--feedback"), "nobody can make a file there");
}

#[tokio::test]
async fn pages_of_other_servers_cannot_send_or_delete() {
    let kept = Kept::new();
    let relay = kept.relay(&["--allow-origin", "https://h5.example"]);
    let client = relay.client();
    let from = |origin: &'static str| request(&relay, &client, &FIELDS, &jpeg(1)).header(ORIGIN, origin).send();
    problem(from("https://evil.example").await.unwrap(), 403, "other-origin").await;
    assert!(kept.files().is_empty());
    let code = code(from("https://h5.example").await.unwrap()).await;
    let delete = client.delete(relay.url(&format!("/v1/feedback/{code}"))).header(ORIGIN, "null").send();
    problem(delete.await.unwrap(), 403, "other-origin").await;
    assert_eq!(kept.list().len(), 1);
}
