//! `mango-relay gallery`: manages galleries, which are classes added from a few photos.

mod add;
mod evaluate;
mod leave_one_out;
mod list;
mod photos;
mod rebuild;
mod remove;
mod rename;
mod report;
mod suspicious;
mod walk;

use std::process::ExitCode;

use anyhow::Context;

use crate::cli::{GalleryArgs, GalleryCommand};
use crate::model::{GalleryFile, Model};

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
