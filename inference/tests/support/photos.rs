//! The photo sets, if this machine has them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A photo's path in its set, and its file.
pub(crate) type Named = (String, Vec<u8>);

/// At most `most` test photos, evenly spaced in the list. Without a list it returns none and prints a message.
pub(crate) fn some(most: usize) -> Result<Vec<Named>, Box<dyn Error>> {
    let data = std::env::var_os("MANGO_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let Ok(table) = fs::read_to_string(data.join("mangoleafbd.tsv")) else {
        println!(
            "NO REAL PHOTOS: {} holds no mangoleafbd.tsv; name the photo sets' folder by MANGO_DATA",
            data.display()
        );
        return Ok(Vec::new());
    };
    let mut lines = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().ok_or("mangoleafbd.tsv is empty")?;
    let column =
        |name: &str| header.iter().position(|found| *found == name).ok_or(format!("mangoleafbd.tsv: no {name}"));
    let (path, split) = (column("path")?, column("split")?);
    let test: Vec<&str> =
        lines.filter(|line| line.get(split) == Some(&"test")).filter_map(|line| line.get(path).copied()).collect();
    let step = test.len().div_ceil(most).max(1);
    test.into_iter().step_by(step).map(|path| Ok((path.to_owned(), fs::read(data.join(path))?))).collect()
}
