//! Tests that run in Node.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A command that runs the tests below these folders, `*.test.js`, one file at a time: two browsers at once are too much
/// for a small machine.
///
/// # Errors
/// A folder cannot be read, or there are no tests.
pub(super) fn tests_below(folders: &[PathBuf]) -> Result<Command> {
    let mut files = Vec::new();
    for folder in folders {
        find(folder, &mut files)?;
    }
    ensure!(!files.is_empty(), "no tests in {folders:?}");
    files.sort();
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1"]).args(files);
    Ok(node)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(".test.js")) {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_found_in_inner_folders_too() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert!(tests_below(std::slice::from_ref(&inner)).unwrap_err().to_string().starts_with("no tests"));
        let tests = [folder.path().join("a.test.js"), inner.join("b.test.js")];
        for file in tests.iter().chain([&inner.join("helper.js")]) {
            fs::write(file, "").unwrap();
        }
        let node = tests_below(&[folder.path().to_owned()]).unwrap();
        let files: Vec<PathBuf> = node.get_args().skip(2).map(PathBuf::from).collect();
        assert_eq!(files, tests);
    }
}
