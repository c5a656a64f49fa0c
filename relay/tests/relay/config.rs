//! Tests of `config check`, and of settings from flags, environment and file in the running relay.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::certificates::pki::{PASSWORD, Pki};
use crate::common::{Relay, TestModel, form, jpeg, problem, program};
use mango_relay_harness::Home;

/// The result of `config check`: whether the settings are valid, the table, and the errors.
fn check(flags: &[&str], variables: &[(&str, &str)]) -> (bool, String, String) {
    let mut command = program();
    let Output { status, stdout, stderr } =
        command.args(["config", "check"]).args(flags).envs(variables.iter().copied()).output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The cells of a setting's row: name, value and source.
pub(crate) fn row(table: &str, setting: &str) -> Vec<String> {
    let line = table.lines().find(|line| line.split_whitespace().next() == Some(setting));
    line.unwrap_or_else(|| panic!("{setting}: {table}"))
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .map(str::to_owned)
        .collect()
}

fn file(folder: &Path, text: &str) -> String {
    let path = folder.join("relay.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn each_setting_is_shown_with_its_value_and_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path(), "# of the orchard\nqueue = 3\nstall-timeout = \"20s\"\nmax-pixels = \"12MP\"\n");
    let flags = ["--config", &file, "--stall-timeout", "9s"];
    let variables = [("MANGO_RELAY_MAX_PIXELS", "13MP"), ("MANGO_RELAY_PFX_PASSWORD", "hush")];
    let (sound, table, faults) = check(&flags, &variables);
    assert!(sound && faults.is_empty(), "{faults}");
    assert_eq!(row(&table, "stall-timeout"), ["stall-timeout", "9s", "flag"]);
    assert_eq!(row(&table, "max-pixels"), ["max-pixels", "13MP", "environment"]);
    assert_eq!(row(&table, "queue"), ["queue", "3", &format!("{file}, line 2")]);
    assert_eq!(row(&table, "listen"), ["listen", "0.0.0.0:8080", "default"]);
    assert_eq!(row(&table, "workers")[1], "auto, one for each core");
    assert!(!table.contains("hush"), "{table}");
}

#[test]
fn every_error_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path(), "quue = 3\nidle-timeout = 15\nrequest-timeout = \"1s\"\n");
    let flags = ["--config", &file, "--cert", "missing.pem"];
    let (sound, table, faults) = check(&flags, &[("MANGO_RELAY_QUEUES", "3")]);
    assert!(!sound && table.is_empty(), "{table}");
    for part in [
        "7 settings are wrong",
        "unknown key `quue`; did you mean `queue`?",
        "unknown environment variable MANGO_RELAY_QUEUES; did you mean `MANGO_RELAY_QUEUE`?",
        "idle-timeout = 15: give a time with its unit",
        "line 3) is shorter than stall-timeout (15s by default)",
        "request-timeout = 1s (",
        "--cert missing.pem: cannot be read",
        "--cert missing.pem: give key too",
    ] {
        assert!(faults.contains(part), "{part}\n{faults}");
    }
    let started = program().args(flags).output().unwrap();
    assert!(!started.status.success());
    assert!(String::from_utf8(started.stderr).unwrap().contains("unknown key `quue`"));
}

#[test]
fn the_source_of_a_password_is_shown_and_never_the_password() {
    let pki = Pki::new();
    pki.issue("site", &["relay.example"], -1..90);
    pki.pfx("site.pfx", "site.pem", "site.key", &[]);
    pki.write("password.txt", PASSWORD);
    let (pfx, file) = (pki.text("site.pfx"), pki.text("password.txt"));
    for (flags, variables, from) in [
        (vec!["--pfx-password-file", &file], vec![], "pfx-password-file, first line"),
        (vec![], vec![("MANGO_RELAY_PFX_PASSWORD", PASSWORD)], "environment, MANGO_RELAY_PFX_PASSWORD"),
    ] {
        let (sound, table, faults) = check(&[&["--pfx", pfx.as_str()], flags.as_slice()].concat(), &variables);
        assert!(sound, "{faults}");
        assert_eq!(row(&table, "pfx"), ["pfx", &pfx, "flag"]);
        assert_eq!(row(&table, "pfx-password"), ["pfx-password", "not shown", from]);
        assert!(!table.replace(&file, "").contains(PASSWORD), "{table}");
    }
}

#[test]
fn files_of_the_settings_are_checked() {
    let model = TestModel::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = rcgen::generate_simple_self_signed(vec!["relay.example".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["relay.example".to_owned()]).unwrap();
    fs::write(path("cert.pem"), made.cert.pem()).unwrap();
    fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(path("other.pem"), other.signing_key.serialize_pem()).unwrap();
    let with = |key: &str| check(&["--cert", &path("cert.pem"), "--key", &path(key)], &[]);
    let (sound, table, warnings) = with("key.pem");
    assert!(sound && !table.contains("self-signed"), "{warnings}");
    assert!(warnings.contains("cert.pem: self-signed: clients do not trust it by themselves; get"), "{warnings}");

    let (sound, _, faults) = with("other.pem");
    assert!(!sound && faults.contains("other.pem"), "{faults}");
    fs::write(model.path().join("weights.bpk"), b"other").unwrap();
    fs::write(path("empty.gallery"), b"").unwrap();
    let (sound, _, faults) = check(
        &[
            "--model",
            model.path().to_str().unwrap(),
            "--device-model",
            folder.path().to_str().unwrap(),
            "--cert",
            &path("cert.pem"),
            "--key",
            &path("other.pem"),
        ],
        &[],
    );
    assert!(!sound, "{faults}");
    for part in ["weights.sha256", "manifest.json", "other.pem"] {
        assert!(faults.contains(part), "{part}: {faults}");
    }
    let (sound, _, faults) = check(&["--gallery", &path("empty.gallery")], &[]);
    assert!(!sound && faults.contains("empty.gallery"), "{faults}");
}

#[tokio::test]
async fn a_printed_file_configures_the_same_relay() {
    let model = TestModel::new();
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--model", model.path().to_str().unwrap(), "--max-photo", "20kB", "--log-format", "json"];
    let (sound, text, faults) = check(&[&["--toml"], flags.as_slice()].concat(), &[]);
    assert!(sound, "{faults}");
    let file = file(folder.path(), &text);
    let (sound, again, faults) = check(&["--toml", "--config", &file], &[]);
    assert!(sound && again == text, "{faults}{again}");

    let relay = Relay::start_in(Home::new().unwrap(), &["--config", &file]);
    let upload = |photo: Vec<u8>| relay.client().post(relay.url("/upload_image")).multipart(form(photo)).send();
    assert!(upload(jpeg(1)).await.unwrap().status().is_success());
    problem(upload(vec![7; 30_000]).await.unwrap(), 413, "body-too-large").await;
    let log = relay.log();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["route"] == "/upload_image" && line["status"] == 413), "{log}");
}
