//! The 76 answers for each photo, cached on disk.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use mango_inference::{Manifest, Photo, sha256};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{SHORT_SIDE, Viewed};
use crate::measure::corruption::Corruption;
use crate::measure::model::Model;
use crate::photos::dataset::Dataset;
use crate::progress;
use crate::views::resize;

/// To be raised with every change that affects pictures or answers: cached answers are then computed again.
const VERSION: u32 = 1;

/// Photos between two writes, about half a minute on two cores.
const CHUNK: usize = 12;

/// One line of the cache.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    /// sha256 of the photo's file.
    photo: String,
    /// The first class of each view.
    predicted: Vec<u16>,
}

/// Every photo's answers, from `cache` if they are there.
pub(super) fn of(model: &Model, dataset: &Dataset, cache: &Path) -> Result<Vec<Viewed>> {
    let labels = dataset.labels(&model.manifest().classes)?;
    let folder = cache.join("robustness");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(format!("{}.jsonl", key(model.manifest())?));
    let mut known = read(&file);
    let photos = dataset
        .paths()
        .iter()
        .map(|path| {
            let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((path.clone(), sha256(&bytes)))
        })
        .collect::<Result<Vec<_>>>()?;
    let missing: Vec<_> = photos.iter().filter(|(_, hash)| !known.contains_key(hash)).collect();
    let bar = progress::bar(photos.len(), "corrupting photos");
    bar.inc((photos.len() - missing.len()) as u64);
    let mut kept = OpenOptions::new().create(true).append(true).open(&file)?;
    for chunk in missing.chunks(CHUNK) {
        let lines = chunk
            .par_iter()
            .map(|(path, hash)| {
                let predicted = views(model, &crate::trunk::features::read_photo(path)?, hash)?;
                bar.inc(1);
                Ok(Line { photo: hash.clone(), predicted })
            })
            .collect::<Result<Vec<_>>>()?;
        append(&mut kept, &lines).with_context(|| format!("cannot write {}", file.display()))?;
        known.extend(lines.into_iter().map(|line| (line.photo, line.predicted)));
    }
    bar.finish_and_clear();
    let viewed = dataset.samples.iter().zip(labels).zip(photos).map(|((sample, truth), (path, hash))| {
        let predicted = known.get(&hash).with_context(|| format!("no answers for {}", path.display()))?.clone();
        Ok(Viewed { truth, group: sample.group.clone(), predicted })
    });
    viewed.collect()
}

/// The cache key: all fields of the manifest that can change a ranking.
fn key(manifest: &Manifest) -> Result<String> {
    let Manifest { architecture, classes, preprocessing, weights, .. } = manifest;
    let means = serde_json::to_string(&(VERSION, architecture, classes, preprocessing, &weights.sha256))?;
    Ok(sha256(means.as_bytes())[..16].to_owned())
}

/// The complete lines; an interrupted run may have truncated the last one.
fn read(file: &Path) -> HashMap<String, Vec<u16>> {
    let views = 1 + Corruption::ALL.len() * Corruption::SEVERITIES;
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    lines.filter(|line| line.predicted.len() == views).map(|line| (line.photo, line.predicted)).collect()
}

fn append(file: &mut File, lines: &[Line]) -> Result<()> {
    let mut text = String::new();
    for line in lines {
        // A newline before the line, so that an earlier truncated line does not corrupt it.
        text.push('\n');
        text.push_str(&serde_json::to_string(line)?);
    }
    file.write_all(text.as_bytes())?;
    Ok(file.sync_data()?)
}

/// The first class of the photo and of each corrupted view. The photo's hash is the seed.
fn views(model: &Model, photo: &Photo, hash: &str) -> Result<Vec<u16>> {
    let seed = u64::from_str_radix(&hash[..16], 16)?;
    let clean = resize::short_side(photo.pixels(), SHORT_SIDE);
    let called = |picture| Ok(model.answer(&Photo::from_pixels(picture))?.best() as u16);
    let severities = |corruption| (1..=Corruption::SEVERITIES).map(move |severity| (corruption, severity));
    let corrupted = Corruption::ALL.into_iter().flat_map(severities);
    let corrupted = corrupted.map(|(corruption, severity)| called(corruption.apply(&clean, severity, seed)));
    std::iter::once(called(clean.clone())).chain(corrupted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_line_affects_no_other_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.jsonl");
        let line = |photo: &str| Line { photo: photo.to_owned(), predicted: vec![3; 76] };
        let mut file = File::create(&path).unwrap();
        append(&mut file, &[line("a"), line("b")]).unwrap();
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        append(&mut OpenOptions::new().append(true).open(&path).unwrap(), &[line("c")]).unwrap();
        let mut photos: Vec<String> = read(&path).into_keys().collect();
        photos.sort();
        assert_eq!(photos, ["a", "c"]);
    }
}
