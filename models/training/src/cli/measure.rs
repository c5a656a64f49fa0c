//! The evaluation commands.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::Folders;
use crate::card::{Card, GalleryCard};
use crate::few_photos;
use crate::measure::{Model, background_swap, domain, orchard, robustness, sets, split};
use crate::photos::dataset::{Dataset, Split};
use crate::photos::photo_folder;

#[derive(Debug, Subcommand)]
pub(crate) enum MeasureCommand {
    /// Measure a bundle on unseen leaves: accuracy, macro-F1, per class, per leaf, confusion matrix
    Evaluate {
        #[command(flatten)]
        what: Measured,
        /// The split to measure on
        #[arg(long, value_enum, default_value_t = Split::Test)]
        split: Split,
        /// Print every group's figures, not only the worst
        #[arg(long)]
        all_groups: bool,
        /// Another bundle's folder, measured on the same photos: prints its macro-F1 minus this bundle's
        #[arg(long, value_name = "BUNDLE", conflicts_with = "card")]
        against: Option<PathBuf>,
        /// Measure on this folder, with one folder of photos per class, instead of MangoLeafBD; the split is that of
        /// training
        #[arg(long, value_name = "FOLDER", conflicts_with = "card")]
        photos: Option<PathBuf>,
        /// Run all other measures except the few-shot ones, and write the model card, README.md and pictures, into the
        /// bundle's folder
        #[arg(long, conflicts_with_all = ["split", "all_groups"])]
        card: bool,
        /// Measure corruptions and backgrounds for the card on about so many photos; the card says so
        #[arg(long, value_name = "PHOTOS", requires = "card")]
        quick: Option<usize>,
    },
    /// Measure a bundle on every photo set: the test split of training sets, all photos of other sets
    EvaluateSets(Measured),
    /// Measure a bundle on another orchard's leaves: accuracy, recall per class, calibration
    EvaluateOrchard(Measured),
    /// Measure how well a bundle distinguishes mango leaves from objects and from guava leaves
    EvaluateDomain(Measured),
    /// Measure few-shot classification of 15 pests, leaving one group out at a time
    EvaluatePests(Measured),
    /// Measure the gain from 1 to 10 leaves per class of another orchard for the other leaves there
    EvaluateLocal(Measured),
    /// Run both few-shot measures for several bundles and write the gallery's card into its folder
    GalleryCard {
        #[command(flatten)]
        folders: Folders,
        /// The bundles' folders
        #[arg(long = "bundle", default_values = ["models/leaf-lite0", "models/leaf-mini"])]
        bundles: Vec<PathBuf>,
        /// Where the card is written
        #[arg(long, default_value = "models/gallery")]
        out: PathBuf,
    },
    /// Measure a bundle on 15 corruptions of test photos at 5 severities; 25 CPU-minutes, an interrupted run resumes
    EvaluateRobustness(QuickLook),
    /// Measure a bundle on the test leaves on other backgrounds
    EvaluateBackgrounds(QuickLook),
}

/// The bundle and the photos.
#[derive(Clone, Debug, Args)]
pub(crate) struct Measured {
    #[command(flatten)]
    folders: Folders,
    /// The bundle's folder
    #[arg(long, default_value = "models/leaf-lite0")]
    bundle: PathBuf,
}

/// The bundle, the photos and their number.
#[derive(Clone, Debug, Args)]
pub(crate) struct QuickLook {
    #[command(flatten)]
    what: Measured,
    /// A quick run on about this many photos, equally many per class; not a reportable result
    #[arg(long)]
    photos: Option<usize>,
}

/// The photos that a bundle is measured on.
fn dataset(folders: &Folders, photos: Option<&Path>) -> anyhow::Result<Dataset> {
    match photos {
        Some(folder) => photo_folder::read(folder),
        None => Dataset::mango_leaf_bd(&folders.data),
    }
}

impl MeasureCommand {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Evaluate { what: Measured { folders, bundle }, card: true, quick, .. } => {
                Card::of(&bundle, &folders.data, &folders.cache, quick)?.write(&bundle)?;
                println!("wrote {}", bundle.join("README.md").display());
            }
            Self::Evaluate { what, split, against: Some(other), photos, .. } => {
                let (model, other) = (Model::load(&what.bundle)?, Model::load(&other)?);
                let dataset = dataset(&what.folders, photos.as_deref())?;
                let difference = split::difference(&model, &other, &dataset, split)?;
                println!(
                    "macro-F1 on {} minus that of the first: {difference} (95 %, bootstrap over groups)",
                    split.name()
                );
            }
            Self::Evaluate { what, split, all_groups, photos, .. } => {
                let dataset = dataset(&what.folders, photos.as_deref())?;
                let report = split::evaluate(&Model::load(&what.bundle)?, &dataset, split)?;
                print!("{}", report.to_text(all_groups));
            }
            Self::EvaluateSets(what) => {
                print!("{}", sets::evaluate(&Model::load(&what.bundle)?, &what.folders.data)?.to_text());
            }
            Self::EvaluateOrchard(what) => {
                print!("{}", orchard::evaluate(&Model::load(&what.bundle)?, &what.folders.data)?.to_text());
            }
            Self::EvaluateDomain(what) => {
                print!("{}", domain::evaluate(&Model::load(&what.bundle)?, &what.folders.data)?.to_text());
            }
            Self::EvaluatePests(what) => {
                let (pests, wrong) = few_photos::evaluate_pests(&what.bundle, &what.folders.data)?;
                print!("{}{}", pests.to_text(), wrong.to_text());
            }
            Self::EvaluateLocal(what) => {
                print!("{}", few_photos::evaluate_local(&what.bundle, &what.folders.data)?.to_text());
            }
            Self::GalleryCard { folders, bundles, out } => {
                GalleryCard::of(&bundles, &folders.data)?.write(&out)?;
                println!("wrote {}", out.join("README.md").display());
            }
            Self::EvaluateRobustness(QuickLook { what: Measured { folders, bundle }, photos }) => {
                let report = robustness::evaluate(&Model::load(&bundle)?, &folders.data, &folders.cache, photos)?;
                print!("{}", report.to_text());
            }
            Self::EvaluateBackgrounds(QuickLook { what: Measured { folders, bundle }, photos }) => {
                let report = background_swap::evaluate(&Model::load(&bundle)?, &folders.data, &folders.cache, photos)?;
                print!("{}", report.to_text());
                println!("examples: {}", background_swap::sheet(&folders.cache).display());
            }
        }
        Ok(())
    }
}
