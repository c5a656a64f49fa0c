//! `mango-relay gallery`: manages galleries, which are classes added from a few photos.

mod add;
mod evaluate;
mod file;
mod leave_one_out;
mod list;
mod photos;
mod rebuild;
mod remove;
mod rename;
mod report;
mod suspicious;
mod walk;

pub use file::GalleryError;
pub(crate) use file::{load, load_all};

use std::io::{self, Write};
use std::iter;
use std::process::ExitCode;

use anyhow::Context;
use mango_inference::Gallery;

use crate::cli::{GalleryArgs, GalleryCommand};
use crate::model::Model;
use crate::names::ClassNames;
use crate::terminal::shown;
use file::GalleryFile;

/// Runs the chosen subcommand on the gallery's file.
///
/// # Errors
/// An error in the file, a photo or the model. The file is then unchanged.
pub fn run(args: &GalleryArgs) -> anyhow::Result<ExitCode> {
    let path = args.file.as_path();
    let model = || Model::load(&args.model()).context("cannot load the model");
    match &args.command {
        GalleryCommand::List(list) => list::run(list, &GalleryFile::open(path)?),
        GalleryCommand::Add(add) => add::run(add, path, &model()?),
        GalleryCommand::Remove(remove) => remove::run(remove, &GalleryFile::open(path)?),
        GalleryCommand::Rename(rename) => rename::run(rename, &GalleryFile::open(path)?),
        GalleryCommand::Evaluate(evaluate) => evaluate::run(evaluate, path, &model()?),
        GalleryCommand::Rebuild(rebuild) => return rebuild::run(rebuild, path, &model()?),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Prints lines on standard output.
fn print(lines: &[String]) -> anyhow::Result<()> {
    shown(writeln!(io::stdout(), "{}", lines.join("\n")))?;
    Ok(())
}

/// A share in per cent, or a dash for a whole of 0.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 / whole as f64 * 100.0) }
}

/// The names of a gallery's classes, and of those in the model's own galleries.
fn names(gallery: &Gallery, model: &Model) -> anyhow::Result<ClassNames> {
    Ok(ClassNames::new(iter::once(gallery).chain(model.own()))?)
}
