//! Recursive listing of files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The files at these paths, and those in folders below them recursively, sorted by name. Links to folders are not
/// followed, so the walk ends.
///
/// # Errors
/// Names the path that does not exist, or the folder that cannot be read.
pub(super) fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        walk(path, &mut found)?;
    }
    Ok(found)
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !metadata.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in entries(path).with_context(|| format!("cannot read the folder {}", path.display()))? {
        if entry.is_dir() && !entry.is_symlink() {
            walk(&entry, found)?;
        } else if entry.is_file() {
            found.push(entry);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_recursively_and_in_order() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::create_dir_all(root.join("b/c")).unwrap();
        for file in ["z.jpg", "b/c/y.jpg", "b/x.png"] {
            fs::write(root.join(file), b"").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("b/c/up")).unwrap();
        let expected: Vec<PathBuf> = ["b/c/y.jpg", "b/x.png", "z.jpg"].iter().map(|file| root.join(file)).collect();
        assert_eq!(files(&[root.to_owned()]).unwrap(), expected);
        assert_eq!(files(&[root.join("z.jpg")]).unwrap(), [root.join("z.jpg")]);
        let error = files(&[root.join("missing")]).unwrap_err();
        assert!(format!("{error:#}").contains("missing"), "{error:#}");
    }
}
