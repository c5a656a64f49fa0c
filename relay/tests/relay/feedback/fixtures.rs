//! Shared fixtures of feedback tests: a folder, forms as a phone sends them, and `mango-relay feedback`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::{Relay, TestModel, jpeg, program};
use mango_inference::Photo;
use mango_relay_harness::{Form, Home};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

/// The text fields of a sound form.
pub(crate) const FIELDS: [(&str, &str); 4] =
    [("label", "anthracnose"), ("answer", "die_back"), ("verdict", "unsure"), ("model", "leaf-mini 0.2.0")];

/// A folder for feedback and a model.
pub(crate) struct Kept {
    pub(crate) model: TestModel,
    pub(crate) folder: TempDir,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self { model: TestModel::new(), folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A relay that keeps feedback in the folder.
    pub(crate) fn relay(&self, flags: &[&str]) -> Relay {
        self.relay_in(Home::new().unwrap(), flags)
    }

    pub(crate) fn relay_in(&self, home: Home, flags: &[&str]) -> Relay {
        let own = ["--model", self.model.path().to_str().unwrap(), "--feedback", self.path().to_str().unwrap()];
        Relay::start_in(home, &[&own, flags].concat())
    }

    /// The names of all files in the folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let names = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The records as `feedback list --json` prints them.
    pub(crate) fn list(&self) -> Vec<Value> {
        list(self.path())
    }

    /// The output of a subcommand of `feedback`; it succeeds.
    pub(crate) fn does(&self, arguments: &[&str]) -> String {
        let (done, stdout, stderr) = feedback(self.path(), arguments);
        assert!(done, "{stderr}");
        stdout
    }

    /// The error of a subcommand of `feedback`.
    pub(crate) fn refuses(&self, arguments: &[&str]) -> String {
        let (done, stdout, stderr) = feedback(self.path(), arguments);
        assert!(!done && stdout.is_empty(), "{stdout}");
        stderr
    }

    /// Exports into a new folder, and checks that each record's photo is whole.
    pub(crate) fn exported(&self) -> (TempDir, Vec<Value>) {
        let to = tempfile::tempdir().unwrap();
        self.does(&["export", "--to", to.path().to_str().unwrap()]);
        let list: Value = serde_json::from_slice(&fs::read(to.path().join("feedback.json")).unwrap()).unwrap();
        let records = list["records"].as_array().unwrap().clone();
        for record in &records {
            let photo = fs::read(to.path().join(record["file"].as_str().unwrap())).unwrap();
            Photo::decode(&photo).unwrap();
        }
        (to, records)
    }
}

/// The records of a folder as `feedback list --json` prints them. No file is damaged.
pub(crate) fn list(folder: &Path) -> Vec<Value> {
    let (done, stdout, stderr) = feedback(folder, &["list", "--json"]);
    assert!(done && stderr.is_empty(), "{stderr}");
    let listed: Value = serde_json::from_str(&stdout).unwrap();
    listed["records"].as_array().unwrap().clone()
}

fn feedback(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let mut command = program();
    command.args(["feedback", "--feedback", folder.to_str().unwrap()]).args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A body as `wx.uploadFile` sends it: the text fields, then the file.
pub(crate) fn body(fields: &[(&str, &str)], photo: &[u8]) -> (String, Vec<u8>) {
    let form =
        fields.iter().fold(Form::new("e5c1d0c4a7f24c7fb9f4d4c25f2ba7cd"), |form, (name, value)| form.text(name, value));
    let form = form.photo("picture", "tmp_7f.jpg", photo);
    (form.content_type(), form.into_body())
}

/// A request with feedback.
pub(crate) fn request(relay: &Relay, client: &Client, fields: &[(&str, &str)], photo: &[u8]) -> RequestBuilder {
    let (kind, body) = body(fields, photo);
    client.post(relay.url("/v1/feedback")).header(CONTENT_TYPE, kind).body(body)
}

/// Sends a picture with its label, and returns the answer.
pub(crate) async fn send(relay: &Relay, client: &Client, label: &str, number: u32) -> Response {
    let fields = FIELDS.map(|(name, value)| (name, if name == "label" { label } else { value }));
    request(relay, client, &fields, &jpeg(number)).send().await.unwrap()
}

/// The code of an answer with status 201.
pub(crate) async fn code(answer: Response) -> String {
    let status = answer.status();
    let json: Value = answer.json().await.unwrap();
    assert_eq!(status, 201, "{json}");
    json["code"].as_str().unwrap().to_owned()
}

/// Deletes by a code, and returns the answer.
pub(crate) async fn delete(relay: &Relay, client: &Client, code: &str) -> Response {
    client.delete(relay.url(&format!("/v1/feedback/{code}"))).send().await.unwrap()
}

/// The file of a record.
pub(crate) fn file(folder: &Path, record: &Value) -> PathBuf {
    folder.join(format!("{}.feedback", record["id"].as_str().unwrap()))
}
