//! Verification of the import: accuracy of the imported network on ImageNet's objects.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use mango_inference::{NetworkInput, Preprocessing, View};
use rayon::prelude::*;

use super::import::classifier;
use crate::progress;
use crate::trunk::features::read_photo;

/// Accuracy of the network on object photos.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageNetResult {
    /// Number of photos.
    pub photos: usize,
    /// Top-1 accuracy.
    pub top1: f64,
    /// Top-5 accuracy.
    pub top5: f64,
}

impl fmt::Display for ImageNetResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} photos: top-1 {:.3}, top-5 {:.3}", self.photos, self.top1, self.top5)
    }
}

/// Runs the network on every photo of `out_of_domain/imagenet_objects`, short side 256, centre crop 224.
///
/// The file names start with the wnid (`n01440764_tench.jpg`); `imagenet_wnids.txt` beside the folder has the order of
/// the classes.
///
/// # Errors
/// A file is missing, or a photo's wnid is not ImageNet's.
pub fn evaluate(cache: &Path, data: &Path) -> Result<ImageNetResult> {
    let device = Device::flex();
    let network = classifier(cache, &device)?.packed();
    let folder = data.join("out_of_domain");
    let list = folder.join("imagenet_wnids.txt");
    let wnids = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let wnids: Vec<&str> = wnids.lines().map(wnid).collect();
    let mut photos = fs::read_dir(folder.join("imagenet_objects"))
        .with_context(|| format!("cannot read imagenet_objects in {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    photos.sort();
    ensure!(!photos.is_empty(), "{} holds no photos", folder.display());
    let preprocessing = Preprocessing::efficientnet_lite(224, View::CentreCrop { fraction: 224.0 / 256.0 });
    let bar = progress::bar(photos.len(), "naming objects");
    let ranks = photos
        .par_iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let class = wnids.iter().position(|known| *known == wnid(&name));
            let class = class.with_context(|| format!("{name} does not begin with one of ImageNet's wnids"))?;
            let input = NetworkInput::batch(&[preprocessing.apply(&read_photo(path)?)?], &device)?.whole;
            let logits: Vec<f32> = network.forward(input)?.into_data().iter::<f32>().collect();
            bar.inc(1);
            Ok(logits.iter().filter(|logit| **logit > logits[class]).count())
        })
        .collect::<Result<Vec<usize>>>()?;
    bar.finish_and_clear();
    let share = |places| ranks.iter().filter(|rank| **rank < places).count() as f64 / ranks.len() as f64;
    Ok(ImageNetResult { photos: ranks.len(), top1: share(1), top5: share(5) })
}

/// `n01440764` of `n01440764_tench.jpg`.
fn wnid(name: &str) -> &str {
    name.split('_').next().unwrap_or_default()
}
