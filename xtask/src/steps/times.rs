//! How long each step took when it last passed on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::workspace::target_folder;

/// Seconds by the steps' names.
type Seconds = BTreeMap<String, f64>;

/// The time that a step took, if it is known.
pub(super) fn last(step: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(*read(&file()?).get(step)?).ok()
}

/// Keeps how long a step took. A file that cannot be written is ignored: only messages depend on it.
pub(super) fn keep(step: &str, time: Duration) {
    if let Some(file) = file() {
        write(&file, step, time);
    }
}

/// A time as text, such as `2 min 5 s`.
pub(super) fn words(time: Duration) -> String {
    match time.as_secs() {
        ..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn file() -> Option<PathBuf> {
    // The tests of this package must not overwrite real times.
    if cfg!(test) { None } else { target_folder().ok().map(|folder| folder.join("xtask-step-times.json")) }
}

fn read(file: &Path) -> Seconds {
    fs::read(file).ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

/// Adds a time to the file. The file is read again first, since the steps within a step write it too.
fn write(file: &Path, step: &str, time: Duration) {
    let mut seconds = read(file);
    seconds.insert(step.to_owned(), time.as_secs_f64());
    if let Ok(json) = serde_json::to_vec_pretty(&seconds) {
        let _ = fs::write(file, json);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_several_steps_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("times.json");
        write(&file, "lints", Duration::from_millis(1500));
        write(&file, "tests", Duration::from_secs(60));
        write(&file, "lints", Duration::from_secs(2));
        assert_eq!(read(&file), Seconds::from([("lints".to_owned(), 2.0), ("tests".to_owned(), 60.0)]));
        fs::write(&file, "not JSON").unwrap();
        assert!(read(&file).is_empty());
    }

    #[test]
    fn times_are_rounded_for_people() {
        let of = |seconds: f64| words(Duration::from_secs_f64(seconds));
        assert_eq!(
            [of(0.04), of(9.95), of(59.9), of(125.0), of(3720.0)],
            ["0.0 s", "9.9 s", "59 s", "2 min 5 s", "1 h 2 min"]
        );
    }
}
