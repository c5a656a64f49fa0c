//! `make-gallery`: the pests' gallery of a bundle, and the bundle's few-shot calibration.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mango_inference::{Backend, Catalog, Manifest, ModelBundle, Predictor};

use super::fit::fit;
use super::named::leave_one_group_out;
use super::observed::{gallery, observe};
use crate::photos::dataset::Dataset;

/// Writes `<model>.gallery` into `folder` and the fitted calibration into the bundle's manifest. Returns the file's
/// path.
pub(crate) fn ship(bundle: &Path, data: &Path, folder: &Path) -> Result<PathBuf> {
    let loaded = ModelBundle::load(bundle).with_context(|| format!("cannot use {}", bundle.display()))?;
    let predictor = Predictor::new(&loaded, Backend::default())?;
    let dataset = Dataset::mango_pests(data)?;
    let (classes, photos) = (dataset.classes(), observe(&predictor, &dataset, "pests")?);
    let named = leave_one_group_out(&predictor, &photos, &classes, &Catalog::builtin()?)?;
    let mut few_photos = fit(&named, loaded.manifest().classes.len())?;
    // The fit has seen pests alone. A leaf of an unseen source must not pass for a pest more easily than for a trained
    // class.
    few_photos.confident = few_photos.confident.max(loaded.manifest().calibration.confident);
    println!("{few_photos:?}");
    let fitted = loaded.with_manifest(&Manifest { few_photos, ..loaded.manifest().clone() })?;
    let file = folder.join(format!("{}.gallery", loaded.manifest().model.name));
    let bytes = gallery(&predictor, &photos)?.encode();
    let unfinished = file.with_extension("unfinished");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, &bytes))
        .and_then(|()| fs::rename(&unfinished, &file))
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}: {} photos of {} classes, {} bytes", file.display(), photos.len(), classes.len(), bytes.len());
    fitted.save(bundle)?;
    Ok(file)
}
