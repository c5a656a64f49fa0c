//! Rows kept on disk, one file for each photo and look.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::tensor::f16;
use mango_inference::{Photo, sha256};
use rayon::prelude::*;

use super::{Features, Look, read_bytes};
use crate::photos::dataset::Dataset;
use crate::progress;

/// Rows that `row` makes of every photo as `look` shows it, from `cache` if they are there. `key` names all else that
/// the rows depend on. An interrupted run keeps the rows that it has computed.
///
/// Rows are kept in half precision: a relative error of a two-thousandth, far below what a view's own variation makes.
///
/// # Errors
/// Those of `row`; a photo that cannot be read; a cache that cannot be written or holds something else.
pub fn cached(
    dataset: &Dataset,
    look: Look,
    key: &str,
    cache: &Path,
    row: impl Fn(&Photo) -> Result<Vec<f32>> + Sync,
) -> Result<Features> {
    let mut name = sha256(format!("{key} {look:?}").as_bytes());
    name.truncate(24);
    let folder = cache.join("features").join(name);
    let bar = progress::bar(dataset.samples.len(), "looking at photos");
    let rows = dataset
        .samples
        .par_iter()
        .enumerate()
        .map(|(index, sample)| {
            let bytes = read_bytes(&dataset.root.join(&sample.path))?;
            let digest = sha256(&bytes);
            let folder = folder.join(&digest[..2]);
            let file = folder.join(format!("{digest}.f16"));
            let kept = if let Ok(kept) = fs::read(&file) {
                kept
            } else {
                let photo = Photo::decode(&bytes).with_context(|| format!("cannot take {}", sample.path))?;
                let row = row(&look.at(photo, &bytes))?;
                let encoded: Vec<u8> = row.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect();
                // Two copies of one photo may be computed at once.
                let unfinished = file.with_extension(format!("{index}.unfinished"));
                fs::create_dir_all(&folder)
                    .and_then(|()| fs::write(&unfinished, &encoded))
                    .and_then(|()| fs::rename(&unfinished, &file))
                    .with_context(|| format!("cannot write {}", file.display()))?;
                encoded
            };
            bar.inc(1);
            // Fresh rows are rounded too, so that a run with a full cache gives the same bytes as one without.
            Ok(kept.as_chunks::<2>().0.iter().map(|value| f16::from_le_bytes(*value).to_f32()).collect::<Vec<_>>())
        })
        .collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    let len = rows.first().map_or(0, Vec::len);
    ensure!(
        rows.iter().all(|row| row.len() == len),
        "the rows kept in {} differ in length: delete that folder",
        folder.display()
    );
    Ok(Features { len, values: rows.concat() })
}
