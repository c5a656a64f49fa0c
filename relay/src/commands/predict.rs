//! `mango-relay predict`.

mod json;
mod overlay;
mod pooled;
mod table;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use mango_inference::{MAX_PHOTOS, PoolError, Prediction, Predictor, timing};

use crate::cli::PredictArgs;
use crate::model::{self, ClassNames, Model};
use crate::output::terminal::shown;
use crate::photo::{self, open};
use crate::problem::Problem;

/// Prints predictions for photos, each by itself or pooled.
///
/// An error with one photo does not affect the others, unless they are pooled.
///
/// # Errors
/// The flags do not match the photos, the model cannot be loaded, a gallery cannot be used, or the output cannot be
/// written.
pub fn run(args: &PredictArgs) -> anyhow::Result<ExitCode> {
    check(args)?;
    let model = Model::load(&args.model).context("cannot load the model")?;
    let galleries = model::load_all(&args.galleries, &model)?;
    let predictor = model.with(&galleries).context("cannot use these galleries together")?;
    let names = ClassNames::new(galleries.iter().chain(model.own()))?;
    let mut out = BufWriter::new(io::stdout().lock());
    let all_answered = if args.pool {
        let outcome = pooled::answer(&predictor, &args.photos)?;
        let printed = if args.json {
            json::print_pooled(&mut out, &args.photos, &outcome)
        } else {
            table::print_pooled(&mut out, &names, &args.photos, &outcome)
        };
        shown(printed.and_then(|()| out.flush()))?;
        outcome.is_ok()
    } else {
        each(args, &predictor, &names, &mut out)?
    };
    Ok(if all_answered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Classifies each photo. Returns whether all succeeded.
fn each(args: &PredictArgs, predictor: &Predictor, names: &ClassNames, out: &mut impl Write) -> anyhow::Result<bool> {
    let mut all_answered = true;
    for path in &args.photos {
        let outcome = match &args.heatmap {
            Some(file) => explain(predictor, path, file)?,
            None => predict(predictor, path),
        };
        all_answered &= outcome.is_ok();
        // Each prediction is printed at once.
        let printed =
            if args.json { json::print(out, path, &outcome) } else { table::print(out, names, path, &outcome) };
        if !shown(printed.and_then(|()| out.flush()))? {
            break;
        }
    }
    Ok(all_answered)
}

/// Classifies a photo.
fn predict(predictor: &Predictor, path: &Path) -> Result<Prediction, Problem> {
    let _timing = timing::record();
    Ok(predictor.predict(&open(path, predictor)?)?)
}

/// Classifies a photo, and writes its heat map to a file.
fn explain(predictor: &Predictor, path: &Path, file: &Path) -> anyhow::Result<Result<Prediction, Problem>> {
    let explained = photo::read(path).and_then(|bytes| {
        let seen = photo::decode_within(&bytes, photo::limits(predictor))?;
        // The predictor decodes at a reduced size; the drawing needs the full one.
        Ok((predictor.explain(&seen)?, photo::decode(&bytes)?))
    });
    let (prediction, picture) = match explained {
        Ok(explained) => explained,
        Err(problem) => return Ok(Err(problem)),
    };
    let heatmap = prediction.heatmap.as_ref().context("the model gave no heat map")?;
    let drawn = overlay::draw(&picture, heatmap).context("the size of the heat map does not match its values")?;
    overlay::save(&drawn, file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Ok(prediction))
}

/// Checks that the flags match the photos.
fn check(args: &PredictArgs) -> anyhow::Result<()> {
    let count = args.photos.len();
    ensure!(!args.pool || count <= MAX_PHOTOS, "--pool: {}", PoolError::Count(count));
    if let Some(file) = &args.heatmap {
        ensure!(count == 1, "--heatmap draws over exactly one photo, and {count} are named; name one at a time");
        if args.photos.iter().any(|photo| is_same(photo, file)) {
            bail!("--heatmap {} would overwrite the photo; name another file", file.display());
        }
    }
    Ok(())
}

/// Whether two paths are the same file. A path that does not exist equals no other.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { fs::canonicalize(path).ok() };
    real(one).is_some_and(|one| real(other) == Some(one))
}
