//! `mango-relay predict`.

mod table;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use mango_inference::{Catalog, Prediction, Predictor};
use serde::Serialize;

use crate::cli::PredictArgs;
use crate::model;
use crate::problem::{Problem, ProblemKind};

/// Bytes of a file that is taken for a photo.
const MAX_FILE: u64 = 64 << 20;

/// Prints what each photo shows. A photo that has a problem does not keep the others from being answered.
///
/// # Errors
/// The model cannot be loaded, or standard output cannot be written.
pub fn run(args: &PredictArgs) -> anyhow::Result<ExitCode> {
    let predictor = model::load(args.model.as_deref()).context("cannot load the model")?;
    let catalog = Catalog::builtin()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut all_answered = true;
    for photo in &args.photos {
        let outcome = answer(&predictor, photo);
        all_answered &= outcome.is_ok();
        let printed = if args.json {
            print_json(&mut out, photo, &outcome)
        } else {
            table::print(&mut out, &catalog, photo, &outcome)
        };
        // Each answer is shown as soon as it is known.
        match printed.and_then(|()| out.flush()) {
            // The reader has seen enough, as `head` does.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            printed => printed.context("cannot write the answer")?,
        }
    }
    Ok(if all_answered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn answer(predictor: &Predictor, photo: &Path) -> Result<Prediction, Problem> {
    let bytes = read(photo).map_err(|error| {
        let detail = match error.kind() {
            io::ErrorKind::IsADirectory => "this is a folder; name the photos in it".to_owned(),
            io::ErrorKind::NotFound => "there is no such file; check its name".to_owned(),
            _ => error.to_string(),
        };
        Problem::new(ProblemKind::PhotoUnreadable, detail)
    })?;
    model::diagnose(predictor, &model::decode(&bytes)?)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::other(format!("the file is larger than {} MiB; name a photo", MAX_FILE >> 20)));
    }
    Ok(bytes)
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    photo: String,
    #[serde(flatten)]
    outcome: Outcome<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome<'a> {
    Error(&'a Problem),
    Prediction(&'a Prediction),
}

fn print_json(out: &mut impl Write, photo: &Path, outcome: &Result<Prediction, Problem>) -> io::Result<()> {
    let outcome = match outcome {
        Ok(prediction) => Outcome::Prediction(prediction),
        Err(problem) => Outcome::Error(problem),
    };
    serde_json::to_writer(&mut *out, &Line { photo: photo.to_string_lossy().into_owned(), outcome })?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_of_json() {
        let mut out = Vec::new();
        let problem = Err(Problem::new(ProblemKind::PhotoEmpty, "0 bytes"));
        print_json(&mut out, Path::new("a \"b\".jpg"), &problem).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 1);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["photo"], "a \"b\".jpg");
        assert_eq!(json["error"]["type"], "urn:mango-scout:problem:photo-empty");
        assert!(json.get("prediction").is_none());
    }
}
