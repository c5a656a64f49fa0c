//! Runs each corpus, of hostile and of valid inputs, through its fuzz target.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mango_fuzz::TARGETS;

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

/// The files of a target's corpus.
fn corpus(target: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder("corpora").join(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The names of a folder's files, without extensions.
fn stems(of: &str) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    fs::read_dir(folder(of)).unwrap().map(|entry| stem(entry.unwrap().path())).collect()
}

/// After a change of a format all files of a corpus could be rejected at once, and test nothing else.
#[test]
fn every_corpus_passes_and_has_some_valid_inputs() {
    for (name, target) in TARGETS {
        let mut taken = 0;
        for file in corpus(name) {
            // Shown only if the test fails.
            println!("{}", file.display());
            taken += usize::from(target(&fs::read(file).unwrap()));
        }
        assert!(taken >= 2, "{name}: {taken} files are valid");
    }
}

#[test]
fn every_function_has_a_fuzz_target_and_a_small_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stems("fuzz_targets"), targets);
    assert_eq!(stems("corpora"), targets);
    assert!(stems("dictionaries").is_subset(&targets));
    let files: Vec<PathBuf> = targets.iter().flat_map(|target| corpus(target)).collect();
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(files.len() >= targets.len() && bytes < 200_000, "{} files, {bytes} bytes", files.len());
}
