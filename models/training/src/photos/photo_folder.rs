//! Any photo set with one folder per class.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use mango_inference::{ClassId, sha256};

use crate::photos::dataset::{Dataset, Sample, Split};

/// File extensions of photos.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// About one in this many leaves of each class is used for validation and one for the test.
const ONE_IN: u8 = 6;

/// Reads `root/CLASS/PHOTO` and `root/CLASS/GROUP/PHOTO`: a folder below a class has photos of one leaf, which are all
/// in one split; a photo directly in the class's folder is a single leaf. Identical files are used once.
///
/// About a sixth of the leaves of each class is used for validation and a sixth for the test. The hash of a leaf's name
/// decides, so that adding leaves does not move others; only if a split would have no leaf of a class, the nearest one
/// is moved there.
///
/// # Errors
/// The folder cannot be read, the name of a class's folder is not a class id, or a class has fewer than three leaves.
pub fn read(root: &Path) -> Result<Dataset> {
    let mut samples = Vec::new();
    let mut seen = HashMap::new();
    for folder in entries(root)?.into_iter().filter(|path| path.is_dir()) {
        let class = class_of(&folder)?;
        let groups = groups(root, &folder, &mut seen)?;
        ensure!(
            groups.len() >= 3,
            "{class} has {} leaves; training, validation and test need three at least. Photos of one leaf go into a \
             folder of their own below {}",
            groups.len(),
            folder.display()
        );
        let splits = splits(groups.iter().map(|(name, _)| name.as_str()));
        for ((group, photos), split) in groups.into_iter().zip(splits) {
            let sample = |path| Sample { path, class: class.clone(), group: group.clone(), session: None, split };
            samples.extend(photos.into_iter().map(sample));
        }
    }
    ensure!(!samples.is_empty(), "{} holds no folder of photos; name each class's folder by its id", root.display());
    Ok(Dataset { root: root.to_owned(), samples })
}

/// Each leaf of a class and its photos, relative to `root`.
fn groups(root: &Path, folder: &Path, seen: &mut HashMap<String, PathBuf>) -> Result<Vec<(String, Vec<String>)>> {
    let mut groups = BTreeMap::<String, Vec<String>>::new();
    let mut add = |group: &Path, photo: &Path| -> Result<()> {
        let bytes = fs::read(photo).with_context(|| format!("cannot read {}", photo.display()))?;
        match seen.entry(sha256(&bytes)) {
            Entry::Vacant(place) => {
                place.insert(photo.to_owned());
                groups.entry(relative(root, group)?).or_default().push(relative(root, photo)?);
            }
            Entry::Occupied(first) => ensure!(
                first.get().starts_with(folder),
                "{} and {} are the same photo: which class does it show?",
                first.get().display(),
                photo.display()
            ),
        }
        Ok(())
    };
    for entry in entries(folder)? {
        if entry.is_dir() {
            for photo in entries(&entry)?.iter().filter(|path| is_photo(path)) {
                add(&entry, photo)?;
            }
        } else if is_photo(&entry) {
            add(&entry, &entry)?;
        }
    }
    Ok(groups.into_iter().collect())
}

/// The split of each of a class's leaves, of which there are at least three.
fn splits<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Split> {
    let hashes: Vec<String> = names.map(|name| sha256(name.as_bytes())).collect();
    let of = |hash: &String| match u8::from_str_radix(&hash[..2], 16).unwrap_or_default() % ONE_IN {
        0 => Split::Test,
        1 => Split::Val,
        _ => Split::Train,
    };
    let mut splits: Vec<Split> = hashes.iter().map(of).collect();
    let mut by_hash: Vec<usize> = (0..hashes.len()).collect();
    by_hash.sort_by(|a, b| hashes[*a].cmp(&hashes[*b]));
    for needed in [Split::Test, Split::Val, Split::Train] {
        let count = |split| splits.iter().filter(|other| **other == split).count();
        if count(needed) == 0 {
            let spare = by_hash.iter().find(|leaf| count(splits[**leaf]) > 1);
            if let Some(leaf) = spare {
                splits[*leaf] = needed;
            }
        }
    }
    splits
}

fn class_of(folder: &Path) -> Result<ClassId> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    ClassId::try_from(name).with_context(|| format!("rename {}", folder.display()))
}

fn is_photo(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    ENDINGS.contains(&ending.as_str())
}

/// The entries of a folder, in order of names, without hidden files.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let hint = || format!("cannot read the folder {}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(hint)? {
        let entry = entry.with_context(hint)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn relative(root: &Path, path: &Path) -> Result<String> {
    let below = path.strip_prefix(root)?;
    Ok(below.to_str().with_context(|| format!("{} is not UTF-8: rename it", path.display()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, content: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn leaves_are_not_divided_and_every_split_has_every_class() {
        let root = tempfile::tempdir().unwrap();
        for class in ["rust", "healthy"] {
            for leaf in 0..9 {
                for photo in 0..3 {
                    write(root.path(), &format!("{class}/leaf{leaf}/{photo}.jpg"), &format!("{class}{leaf}{photo}"));
                }
            }
        }
        let dataset = read(root.path()).unwrap();
        assert_eq!(dataset.samples.len(), 54);
        for split in [Split::Train, Split::Val, Split::Test] {
            assert_eq!(dataset.split(split).classes().len(), 2, "{split:?}");
        }
        for sample in &dataset.samples {
            let others = dataset.samples.iter().filter(|other| other.group == sample.group);
            assert!(others.into_iter().all(|other| other.split == sample.split && other.class == sample.class));
        }
    }

    #[test]
    fn adding_leaves_moves_no_others() {
        let name = |leaf: usize| format!("rust/leaf{leaf}");
        let names: Vec<String> = (0..60).map(name).collect();
        let few = splits(names[..40].iter().map(String::as_str));
        let many = splits(names.iter().map(String::as_str));
        assert_eq!(few, many[..40]);
        let held_out = many.iter().filter(|split| **split != Split::Train).count();
        assert!((12..=28).contains(&held_out), "{held_out} of 60");
        for leaves in 3..12 {
            let splits = splits(names[..leaves].iter().map(String::as_str));
            assert!([Split::Train, Split::Val, Split::Test].iter().all(|split| splits.contains(split)), "{leaves}");
        }
    }

    #[test]
    fn a_photo_in_two_classes_is_refused() {
        let root = tempfile::tempdir().unwrap();
        for class in ["healthy", "rust"] {
            for leaf in 0..3 {
                write(root.path(), &format!("{class}/{leaf}.jpg"), &format!("{class}{leaf}"));
            }
        }
        write(root.path(), "rust/3.jpg", "healthy1");
        let message = format!("{:#}", read(root.path()).unwrap_err());
        assert!(message.contains("same photo") && message.contains("3.jpg"), "{message}");
    }

    #[test]
    fn identical_files_are_one_photo_and_other_files_are_ignored() {
        let root = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "b.JPG", "c.png", "d.webp"] {
            write(root.path(), &format!("rust/{name}"), name);
        }
        write(root.path(), "rust/again.jpg", "a.jpg");
        write(root.path(), "rust/notes.txt", "none");
        write(root.path(), "README.md", "none");
        assert_eq!(read(root.path()).unwrap().samples.len(), 4);
    }

    #[test]
    fn errors_explain_what_is_wrong_with_a_folder() {
        let root = tempfile::tempdir().unwrap();
        let message = |root: &Path| format!("{:#}", read(root).unwrap_err());
        assert!(message(&root.path().join("none")).contains("cannot read the folder"));
        assert!(message(root.path()).contains("holds no folder"));
        write(root.path(), "rust/a.jpg", "a");
        assert!(message(root.path()).contains("rust has 1 leaves"));
        write(root.path(), "Leaf Rust/a.jpg", "a");
        assert!(message(root.path()).contains("rename"));
    }
}
