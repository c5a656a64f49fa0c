//! Feedback when the relay is killed or the disk is full: no record is lost whose sender has its code, and no record is
//! half there.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{Relay, form, jpeg, problem};
use crate::feedback::fixtures::{FIELDS, Kept, code, delete, list, request, send};
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinSet;

/// Posts one photo after the other until the relay is gone, and notes the codes of those that were answered.
async fn posting(client: Client, url: String, first: u32, codes: Arc<Mutex<Vec<String>>>) {
    for number in first.. {
        let (kind, body) = crate::feedback::fixtures::body(&FIELDS, &jpeg(number));
        let answer = client.post(&url).header(reqwest::header::CONTENT_TYPE, kind).body(body).send().await;
        let Ok(answer) = answer else { return };
        if answer.status() != 201 {
            return;
        }
        let Ok(receipt) = answer.json::<Value>().await else { return };
        codes.lock().unwrap().push(receipt["code"].as_str().unwrap().to_owned());
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_is_killed_loses_nothing_that_it_answered() {
    let kept = Kept::new();
    let codes = Arc::new(Mutex::new(Vec::new()));
    for round in 0..6u64 {
        let mut relay = kept.relay(&["--feedback-per-day", "65535"]);
        let client = relay.client_builder().http1_only().build().unwrap();
        let before = codes.lock().unwrap().len();
        let mut senders = JoinSet::new();
        for sender in 0..4 {
            senders.spawn(posting(client.clone(), relay.url("/v1/feedback"), sender * 100, Arc::clone(&codes)));
        }
        while codes.lock().unwrap().len() < before + 5 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // Another moment of a request in each round.
        tokio::time::sleep(Duration::from_micros(1700 * round)).await;
        relay.signal("KILL");
        senders.join_all().await;
        relay.wait(Duration::from_secs(20));
        // What is listed is whole, also before the relay runs again.
        let records = kept.list();
        let (_folder, exported) = kept.exported();
        assert_eq!(records.len(), exported.len());
        assert!(records.len() >= codes.lock().unwrap().len(), "round {round}");
    }
    let codes: HashSet<String> = codes.lock().unwrap().drain(..).collect();
    assert!(codes.len() >= 30);
    let relay = kept.relay(&[]);
    let client = relay.client();
    for code in &codes {
        assert_eq!(delete(&relay, &client, code).await.status(), 204, "an answered photo was lost");
    }
    // What is left was stored when the relay was killed, before its sender got the code.
    assert!(kept.list().len() <= 6 * 4, "{}", kept.list().len());
}

/// A relay whose feedback lies on a file system of 256 KiB that only it sees. None where the system does not allow that.
#[cfg(target_os = "linux")]
fn relay_on_a_small_disk(kept: &Kept) -> Option<(Relay, PathBuf)> {
    // As root, or as root of a user namespace of its own.
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let mount = format!("mount -t tmpfs -o size=256k tmpfs '{}'", kept.path().display());
    let works = |way: &&&[&str]| {
        Command::new("unshare")
            .args(**way)
            .args(["sh", "-c", &mount])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    let way = ways.iter().find(works)?;
    let flags = ["--model", kept.model.path().to_str()?, "--feedback", kept.path().to_str()?];
    let relay = Relay::start_by(
        &[&["unshare"], *way, &["sh", "-c", &format!("{mount} && exec \"$0\" \"$@\"")]].concat(),
        &flags,
    );
    let seen = format!("/proc/{}/root{}", relay.process.id(), kept.path().display());
    Some((relay, PathBuf::from(seen)))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_photos_and_loses_none() {
    let kept = Kept::new();
    let Some((relay, folder)) = relay_on_a_small_disk(&kept) else {
        eprintln!(
            "\n*** NOT TESTED: a full disk. This system allows no mount, neither as root nor in a namespace. ***\n"
        );
        return;
    };
    fills_up(&relay, &folder).await;
}

/// The same through the limit of a file's size, which needs no right.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_cannot_grow_refuses_photos_and_leaves_nothing() {
    let kept = Kept::new();
    let flags = ["--model", kept.model.path().to_str().unwrap(), "--feedback", kept.path().to_str().unwrap()];
    // 16 KiB a file; without the trap the system would end the program instead of failing the write.
    let wrapper = ["bash", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""];
    let relay = Relay::start_by(&wrapper, &flags);
    let client = relay.client();
    code(send(&relay, &client, "healthy", 1).await).await;
    problem(request(&relay, &client, &FIELDS, &noise()).send().await.unwrap(), 507, "feedback-full").await;
    assert_eq!((kept.files().len(), kept.list().len()), (1, 1));
}

/// A photo whose record takes more than 16 KiB.
fn noise() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(128, 128, |x, y| {
        let mixed = (x * 128 + y + 1).wrapping_mul(2_654_435_761).rotate_left(x % 13).wrapping_mul(2_246_822_519);
        image::Rgb([mixed as u8, (mixed >> 8) as u8, (mixed >> 16) as u8])
    });
    crate::common::encode(&picture, image::ImageFormat::Jpeg)
}

async fn fills_up(relay: &Relay, folder: &Path) {
    let client = relay.client();
    let mut codes = Vec::new();
    loop {
        let answer = request(relay, &client, &FIELDS, &noise()).send().await.unwrap();
        if answer.status() != 201 {
            let json = problem(answer, 507, "feedback-full").await;
            assert!(json["detail"].as_str().unwrap().contains("no room"), "{json}");
            break;
        }
        codes.push(code(answer).await);
        assert!(codes.len() < 100, "the disk does not fill up");
    }
    assert!(codes.len() >= 3, "{}", codes.len());
    let files = || fs::read_dir(folder).unwrap().count();
    assert_eq!((list(folder).len(), files()), (codes.len(), codes.len()), "no file is half there");
    let predicted = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(predicted.status(), 200, "predictions need no disk");
    // Deleting works on a full disk, and makes room.
    for code in codes.drain(..2) {
        assert_eq!(delete(relay, &client, &code).await.status(), 204);
    }
    codes.push(code(send(relay, &client, "healthy", 1).await).await);
    assert_eq!((list(folder).len(), files()), (codes.len(), codes.len()));
    for code in codes {
        assert_eq!(delete(relay, &client, &code).await.status(), 204);
    }
    assert_eq!(files(), 0);
    assert!(relay.log().contains("the disk is full"), "{}", relay.log());
}
