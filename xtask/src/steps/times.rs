//! How long each step took when it last passed on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::wasm::module::target_folder;

/// Seconds by the steps' names, kept in the target folder. They are there for the reader alone: a file that cannot be read
/// or written is passed over.
#[derive(Debug, Default)]
pub(super) struct Times {
    file: Option<PathBuf>,
    seconds: BTreeMap<String, f64>,
}

impl Times {
    /// Those of earlier runs.
    pub(super) fn read() -> Self {
        let file = target_folder().ok().map(|folder| folder.join("xtask-step-times.json"));
        let kept = file.as_ref().and_then(|file| serde_json::from_slice(&fs::read(file).ok()?).ok());
        Self { file, seconds: kept.unwrap_or_default() }
    }

    /// How long a step took.
    pub(super) fn last(&self, name: &str) -> Option<Duration> {
        self.seconds.get(name).and_then(|seconds| Duration::try_from_secs_f64(*seconds).ok())
    }

    /// Keeps how long a step took.
    pub(super) fn write(&mut self, name: &str, time: Duration) {
        self.seconds.insert(name.to_owned(), time.as_secs_f64());
        if let (Some(file), Ok(json)) = (&self.file, serde_json::to_vec_pretty(&self.seconds)) {
            let _ = fs::write(file, json);
        }
    }
}
