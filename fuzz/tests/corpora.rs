//! What is kept of hostile and of good bytes does no harm: each corpus through its target.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

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

/// The names of a folder's files, without what follows the last dot.
fn stems(of: &str) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    fs::read_dir(folder(of)).unwrap().map(|entry| stem(entry.unwrap().path())).collect()
}

/// A change of a form would leave a corpus of files that are all refused at once, and reach nothing behind that.
#[test]
fn no_file_of_a_corpus_does_harm_and_each_corpus_has_some_that_are_taken() {
    for (name, target) in TARGETS {
        let mut taken = 0;
        for file in corpus(name) {
            // Shown only if something does not hold.
            println!("{}", file.display());
            taken += usize::from(target(&fs::read(file).unwrap()));
        }
        assert!(taken >= 2, "{name}: {taken} files are taken");
    }
}

#[test]
fn every_door_has_a_target_and_a_small_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stems("fuzz_targets"), targets);
    assert_eq!(stems("corpora"), targets);
    assert!(stems("dictionaries").is_subset(&targets));
    let files: Vec<PathBuf> = targets.iter().flat_map(|target| corpus(target)).collect();
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(files.len() >= targets.len() && bytes < 200_000, "{} files, {bytes} bytes", files.len());
}
