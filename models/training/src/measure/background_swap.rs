//! `evaluate-backgrounds`: the test leaves on other backgrounds.

mod contact_sheet;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use image::RgbImage;
use mango_inference::{ClassId, Photo};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use super::background::{Ground, without_leaf};
use super::interval::{Drawn, Estimate, estimate};
use super::metrics::{Confusion, share};
use super::model::Model;
use super::sample::{evenly, one_of_each_leaf};
use super::text::written;
use crate::photos::dataset::{Dataset, Split};
use crate::progress;
use crate::trunk::features::read_photo;
use crate::views::backdrop::lay;
use crate::views::leaf_mask::{LeafMask, NoMask};
use crate::views::resize;

/// The backgrounds in the order of [`Swapped::predicted`]: the original photo, four synthetic backgrounds, the
/// background of a photo of another class, and the photo's own background with the leaf painted over.
pub const VIEWS: [&str; 7] =
    ["its own", "soil", "sky", "foliage", "concrete", "another class's", "its own, leaf painted over"];

const OWN: usize = 0;

/// One photo and its predicted class on each background.
#[derive(Clone, Debug, PartialEq)]
pub struct Swapped {
    /// Index of the true class.
    pub truth: usize,
    /// The leaf.
    pub group: String,
    /// Index of the first class, in the order of [`VIEWS`].
    pub predicted: [usize; VIEWS.len()],
}

impl Drawn for Swapped {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// A bundle's answers on other backgrounds.
#[derive(Clone, Debug)]
pub struct BackgroundReport {
    /// The model, name and version.
    pub model: String,
    /// The classes, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// Photos of the split, measured or not.
    pub photos_in_all: usize,
    /// Photos without a reliable mask, by the reason.
    pub refused: BTreeMap<NoMask, usize>,
    /// Every photo that was measured.
    pub swapped: Vec<Swapped>,
}

/// A photo with a mask.
struct Masked {
    index: usize,
    truth: usize,
    pixels: RgbImage,
    alpha: Vec<f32>,
}

/// Runs the model on MangoLeafBD's test split on other backgrounds; if `photos` is given, on about that many photos.
/// Writes examples of masks and backgrounds into `cache`.
///
/// # Errors
/// A photo that cannot be decoded, or a sheet that cannot be written.
pub fn evaluate(model: &Model, data: &Path, cache: &Path, photos: Option<usize>) -> Result<BackgroundReport> {
    let whole = one_of_each_leaf(&Dataset::mango_leaf_bd(data)?.split(Split::Test));
    let dataset = photos.map_or_else(|| whole.clone(), |photos| evenly(&whole, photos));
    let classes = model.manifest().classes.clone();
    let labels = dataset.labels(&classes)?;
    let found = dataset
        .paths()
        .par_iter()
        .zip(&labels)
        .enumerate()
        .map(|(index, (path, truth))| {
            let photo = read_photo(path)?;
            Ok(LeafMask::find(photo.pixels()).map(|mask| Masked {
                index,
                truth: *truth,
                alpha: mask.alpha(photo.width(), photo.height()),
                pixels: photo.pixels().clone(),
            }))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut refused = BTreeMap::new();
    let mut masked = Vec::new();
    for photo in found {
        match photo {
            Ok(photo) => masked.push(photo),
            Err(reason) => *refused.entry(reason).or_default() += 1,
        }
    }
    contact_sheet::write(&masked, &sheet(cache))?;
    let bar = progress::bar(masked.len(), "other backgrounds");
    let swapped = (0..masked.len())
        .into_par_iter()
        .map(|at| {
            let mut predicted = [0; VIEWS.len()];
            for (predicted, view) in predicted.iter_mut().zip(views(&masked, at)) {
                *predicted = model.answer(&Photo::from_pixels(view))?.best();
            }
            bar.inc(1);
            let group = dataset.samples[masked[at].index].group.clone();
            Ok(Swapped { truth: masked[at].truth, group, predicted })
        })
        .collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    Ok(BackgroundReport { model: model.name(), classes, photos_in_all: whole.samples.len(), refused, swapped })
}

/// The path of the contact sheet with examples of masks and backgrounds.
#[must_use]
pub fn sheet(cache: &Path) -> PathBuf {
    cache.join("background-swap.png")
}

/// The photo on each background, in the order of [`VIEWS`].
fn views(masked: &[Masked], at: usize) -> [RgbImage; VIEWS.len()] {
    let Masked { index, pixels, alpha, .. } = &masked[at];
    let (width, height) = pixels.dimensions();
    let seed = *index as u64;
    let [soil, sky, foliage, concrete] =
        Ground::ALL.map(|ground| lay(pixels, alpha, &ground.paint(width, height, seed)));
    let other = other_class(masked, at, &mut StdRng::seed_from_u64(seed));
    let ground = resize::to(&without_leaf(&other.pixels, &other.alpha), width, height);
    let another = lay(pixels, alpha, &ground);
    [pixels.clone(), soil, sky, foliage, concrete, another, without_leaf(pixels, alpha)]
}

/// A random photo of another class; the photo itself if there is none.
fn other_class<'a>(masked: &'a [Masked], at: usize, rng: &mut StdRng) -> &'a Masked {
    let others: Vec<&Masked> = masked.iter().filter(|other| other.truth != masked[at].truth).collect();
    if others.is_empty() { &masked[at] } else { others[rng.random_range(0..others.len())] }
}

impl BackgroundReport {
    /// Number of photos, refused ones included.
    #[must_use]
    pub fn photos(&self) -> usize {
        self.swapped.len() + self.refused.values().sum::<usize>()
    }

    /// Whether only a part of the split was evaluated, which is not a reportable result.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.photos() < self.photos_in_all
    }

    /// Macro-F1 on one of [`VIEWS`].
    #[must_use]
    pub fn macro_f1(&self, view: usize) -> Estimate {
        estimate(&self.swapped, |drawn| {
            let pairs = drawn.iter().map(|photo| (photo.truth, photo.predicted[view]));
            Confusion::count(self.classes.len(), pairs).macro_f1()
        })
    }

    /// Share of the photos with the same first class on one of [`VIEWS`] as on their own background.
    #[must_use]
    pub fn unchanged(&self, view: usize) -> Estimate {
        estimate(&self.swapped, |drawn| share(drawn, |photo| photo.predicted[view] == photo.predicted[OWN]))
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{} on other backgrounds: {} photos of test", self.model, self.swapped.len())?;
        if self.is_partial() {
            writeln!(text, "QUICK LOOK: a part of the {} photos, no result to report", self.photos_in_all)?;
        }
        writeln!(
            text,
            "refused, without a reliable mask: {} of {}",
            self.photos() - self.swapped.len(),
            self.photos()
        )?;
        for (reason, count) in &self.refused {
            writeln!(text, "  {count:>4} the region {reason}")?;
        }
        writeln!(text, "{:28} {:24} same answer as on its own (95 %, groups)", "background", "macro-F1")?;
        for (view, name) in VIEWS.into_iter().enumerate() {
            let (f1, unchanged) = (self.macro_f1(view).to_string(), self.unchanged(view));
            writeln!(text, "{name:28} {f1:24} {unchanged}")?;
        }
        Ok(())
    }
}
