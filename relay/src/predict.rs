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
use mango_inference::{MAX_PHOTOS, PoolError, Prediction, Predictor};

use crate::cli::PredictArgs;
use crate::gallery;
use crate::model::{self, Model};
use crate::names::ClassNames;
use crate::photo_file::{self, open};
use crate::problem::Problem;
use crate::terminal::shown;

/// Prints what the photos show, each by itself or all together.
///
/// A photo that has a problem does not keep the others from being answered, unless they are pooled.
///
/// # Errors
/// The flags do not go with the photos, the model cannot be loaded, a gallery cannot be used, or an answer cannot be written.
pub fn run(args: &PredictArgs) -> anyhow::Result<ExitCode> {
    check(args)?;
    let model = Model::load(&args.model).context("cannot load the model")?;
    let galleries = gallery::load_all(&args.galleries, &model)?;
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

/// Whether every photo was answered.
fn each(args: &PredictArgs, predictor: &Predictor, names: &ClassNames, out: &mut impl Write) -> anyhow::Result<bool> {
    let mut all_answered = true;
    for path in &args.photos {
        let outcome = match &args.heatmap {
            Some(file) => explain(predictor, path, file)?,
            None => open(path, predictor).and_then(|photo| model::diagnose(predictor, &photo)),
        };
        all_answered &= outcome.is_ok();
        // Each answer is shown as soon as it is known.
        let printed =
            if args.json { json::print(out, path, &outcome) } else { table::print(out, names, path, &outcome) };
        if !shown(printed.and_then(|()| out.flush()))? {
            break;
        }
    }
    Ok(all_answered)
}

/// Names what a photo shows and draws where into a file.
fn explain(predictor: &Predictor, path: &Path, file: &Path) -> anyhow::Result<Result<Prediction, Problem>> {
    let explained = photo_file::read(path).and_then(|bytes| {
        let seen = model::decode_within(&bytes, model::limits(predictor))?;
        // The predictor sees as few pixels as it needs; people see all.
        Ok((model::explain(predictor, &seen)?, model::decode(&bytes)?))
    });
    let (prediction, photo) = match explained {
        Ok(explained) => explained,
        Err(problem) => return Ok(Err(problem)),
    };
    let heatmap = prediction.heatmap.as_ref().context("the model gave no heat map")?;
    let picture = overlay::draw(&photo, heatmap).context("the heat map is not as large as it says")?;
    overlay::save(&picture, file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Ok(prediction))
}

/// Whether the flags go with the photos.
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

/// Whether two paths lead to one file. One that does not exist is like no other.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { fs::canonicalize(path).ok() };
    real(one).is_some_and(|one| real(other) == Some(one))
}
