//! Sets with one folder per label, without a table.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use mango_inference::{ClassId, sha256};

use crate::photos::dataset::{Sample, Split};

/// About one in this many photos is used for validation and one for the test.
const ONE_IN: u8 = 6;

/// Photos whose split is determined by the hash of their name: a sixth test, a sixth validation, the rest train.
pub(super) fn with_splits(data: &Path, folder: &str, label: &str) -> Result<Vec<Sample>> {
    read(data, folder, label, |path| split_of(&sha256(path.as_bytes())))
}

/// The split that a sha256 in hexadecimal decides.
pub(super) fn split_of(digest: &str) -> Split {
    let first = digest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or_default();
    match first % ONE_IN {
        0 => Split::Test,
        1 => Split::Val,
        _ => Split::Train,
    }
}

/// Photos for evaluation only.
pub(super) fn for_judging(data: &Path, folder: &str, label: &str) -> Result<Vec<Sample>> {
    read(data, folder, label, |_| Split::Test)
}

/// Every JPEG of a folder, in order of names, each in its own group.
fn read(data: &Path, folder: &str, label: &str, split: impl Fn(&str) -> Split) -> Result<Vec<Sample>> {
    let place = data.join(folder);
    let hint = || format!("cannot read the folder {}; name the folder of the photo sets by --data", place.display());
    let class = ClassId::try_from(label.to_owned())?;
    let mut paths = Vec::new();
    for entry in fs::read_dir(&place).with_context(hint)? {
        let name = entry.with_context(hint)?.file_name().to_string_lossy().into_owned();
        if [".jpg", ".jpeg"].iter().any(|ending| name.to_lowercase().ends_with(ending)) {
            paths.push(format!("{folder}/{name}"));
        }
    }
    paths.sort();
    ensure!(!paths.is_empty(), "{} holds no JPEG", place.display());
    let sample =
        |path: String| Sample { class: class.clone(), group: path.clone(), session: None, split: split(&path), path };
    Ok(paths.into_iter().map(sample).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_depend_only_on_the_name_and_all_three_occur() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("set");
        fs::create_dir_all(&folder).unwrap();
        for index in 0..60 {
            fs::write(folder.join(format!("{index:02}.jpg")), "").unwrap();
        }
        let before = with_splits(data.path(), "set", "healthy").unwrap();
        for split in [Split::Train, Split::Val, Split::Test] {
            assert!(before.iter().any(|sample| sample.split == split), "{split:?}");
        }
        fs::write(folder.join("extra.jpg"), "").unwrap();
        let after = with_splits(data.path(), "set", "healthy").unwrap();
        for sample in &before {
            let same = after.iter().find(|other| other.path == sample.path).unwrap();
            assert_eq!(same.split, sample.split);
        }
        assert!(for_judging(data.path(), "set", "healthy").unwrap().iter().all(|s| s.split == Split::Test));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = for_judging(Path::new("/nonexistent"), "set", "healthy").unwrap_err().to_string();
        assert!(error.contains("/nonexistent/set") && error.contains("--data"), "{error}");
    }
}
