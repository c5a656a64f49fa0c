//! Predictions as lines of JSON.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mango_inference::Prediction;
use serde::Serialize;

use super::pooled::{self, Refused};
use crate::problem::Problem;

/// The line of one photo.
#[derive(Serialize)]
struct Line<'a> {
    photo: Cow<'a, str>,
    #[serde(flatten)]
    outcome: Outcome<'a>,
}

impl<'a> Line<'a> {
    fn refused(Refused { photo, problem }: &'a Refused<'_>) -> Self {
        Self { photo: photo.to_string_lossy(), outcome: Outcome::Error(problem) }
    }
}

/// The line of pooled photos.
#[derive(Serialize)]
struct PooledLine<'a> {
    photos: Vec<Cow<'a, str>>,
    #[serde(flatten)]
    outcome: Outcome<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome<'a> {
    Error(&'a Problem),
    Errors(Vec<Line<'a>>),
    Prediction(&'a Prediction),
}

/// Prints `{"photo": ..., "prediction": ...}` or `{"photo": ..., "error": ...}`.
pub(super) fn print(out: &mut impl Write, photo: &Path, outcome: &Result<Prediction, Problem>) -> io::Result<()> {
    let outcome = match outcome {
        Ok(prediction) => Outcome::Prediction(prediction),
        Err(problem) => Outcome::Error(problem),
    };
    line(out, &Line { photo: photo.to_string_lossy(), outcome })
}

/// Prints `{"photos": [...], "prediction": ...}` or `{"photos": [...], "errors": [{"photo": ..., "error": ...}]}`.
pub(super) fn print_pooled(out: &mut impl Write, photos: &[PathBuf], outcome: &pooled::Outcome<'_>) -> io::Result<()> {
    let outcome = match outcome {
        Ok(prediction) => Outcome::Prediction(prediction),
        Err(all) => Outcome::Errors(all.iter().map(Line::refused).collect()),
    };
    line(out, &PooledLine { photos: photos.iter().map(|photo| photo.to_string_lossy()).collect(), outcome })
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemKind;

    #[test]
    fn a_problem_is_one_line_of_json() {
        let mut out = Vec::new();
        let problem = Err(Problem::new(ProblemKind::PhotoEmpty, "0 bytes"));
        print(&mut out, Path::new("a \"b\".jpg"), &problem).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 1);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["photo"], "a \"b\".jpg");
        assert_eq!(json["error"]["type"], "urn:mango-scout:problem:photo-empty");
        assert!(json.get("prediction").is_none());
    }
}
