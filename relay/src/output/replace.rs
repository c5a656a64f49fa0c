//! Atomic replacement of files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// As the user's umask allows.
    AsUsual,
    /// Its owner only (on Unix).
    Owner,
}

/// Writes a file atomically: readers see the old or the new content, even after a power failure. A link is followed, so
/// that it stays a link.
pub(crate) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    written_beside(&path, bytes, readers)?.persist(&path)?;
    settle(&path);
    Ok(())
}

/// Creates a file atomically; fails with [`io::ErrorKind::AlreadyExists`] if it exists.
pub(crate) fn create(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    written_beside(path, bytes, readers)?.persist_noclobber(path)?;
    settle(path);
    Ok(())
}

fn written_beside(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match readers {
            Readers::AsUsual => 0o666,
            Readers::Owner => 0o600,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Syncs the folder. Errors are ignored: some file systems cannot do it, and the file is already written.
fn settle(path: &Path) {
    let _ = File::open(folder(path)).and_then(|folder| folder.sync_all());
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_no_temporary_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, b"new", Readers::AsUsual).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("kept"), b"old").unwrap();
        assert!(replace(&folder.path().join("no/such/folder"), b"new", Readers::AsUsual).is_err());
        // A folder cannot be replaced by a file.
        assert!(replace(folder.path(), b"new", Readers::AsUsual).is_err());
        assert_eq!(fs::read(folder.path().join("kept")).unwrap(), b"old");
    }
    #[test]
    fn create_does_not_overwrite() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        create(&file, b"old", Readers::AsUsual).unwrap();
        assert_eq!(create(&file, b"new", Readers::AsUsual).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_replaces_a_public_one() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&file, b"new", Readers::Owner).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
