//! A prediction for people.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mango_inference::{Catalog, Prediction, Verdict};
use unicode_width::UnicodeWidthStr;

use super::pooled;
use crate::problem::Problem;

/// Classes that are shown.
const ROWS: usize = 5;
/// Columns of a full probability bar.
const BAR: usize = 24;

/// Prints a photo's path and its first classes, or what is wrong with it.
pub(super) fn print(
    out: &mut impl Write,
    catalog: &Catalog,
    photo: &Path,
    outcome: &Result<Prediction, Problem>,
) -> io::Result<()> {
    writeln!(out, "{}", printable(&photo.to_string_lossy()))?;
    match outcome {
        Ok(prediction) => print_classes(out, catalog, prediction),
        Err(problem) => writeln!(out, "  error: {}\n", printable(problem.detail())),
    }
}

/// Prints the paths of photos that were pooled and their first classes, or what is wrong with which photo.
pub(super) fn print_pooled(
    out: &mut impl Write,
    catalog: &Catalog,
    photos: &[PathBuf],
    outcome: &pooled::Outcome<'_>,
) -> io::Result<()> {
    match outcome {
        Ok(prediction) => {
            for photo in photos {
                writeln!(out, "{}", printable(&photo.to_string_lossy()))?;
            }
            print_classes(out, catalog, prediction)
        }
        Err(refused) => {
            for one in refused {
                writeln!(out, "{}", printable(&one.photo.to_string_lossy()))?;
                writeln!(out, "  error: {}\n", printable(one.problem.detail()))?;
            }
            let (bad, all) = (refused.len(), photos.len());
            writeln!(out, "not pooled: {bad} of {all} photos could not be answered; mend or leave out those above")
        }
    }
}

fn print_classes(out: &mut impl Write, catalog: &Catalog, prediction: &Prediction) -> io::Result<()> {
    writeln!(out, "  {}", verdict(prediction.verdict))?;
    let rows: Vec<[String; 2]> = prediction.classes.iter().take(ROWS).map(|class| names(catalog, class)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let (zh_width, en_width) = (width(0), width(1));
    for ([zh, en], class) in rows.iter().zip(&prediction.classes) {
        let (zh, en) = (padded(zh, zh_width), padded(en, en_width));
        writeln!(out, "  {zh}  {en}  {} {:5.1} %", bar(class.probability), class.probability * 100.0)?;
    }
    writeln!(out)
}

/// A class's Chinese and English names; where the catalog has none, its id.
fn names(catalog: &Catalog, class: &mango_inference::RankedClass) -> [String; 2] {
    match catalog.entry(&class.id) {
        Some(entry) => [entry.names.zh.clone(), entry.names.en.clone()],
        None => [String::new(), class.id.to_string()],
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confident => "confident",
        Verdict::NotMangoLeaf => "not a mango leaf",
        Verdict::Unsure => "unsure: look closer or take another photo",
    }
}

/// Text filled up to that many terminal columns. `format!` counts characters, of which a Chinese one takes two columns.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

fn bar(probability: f32) -> String {
    let full = (probability.clamp(0.0, 1.0) * BAR as f32).round() as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// Names of files may hold what a terminal takes for commands.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::{Basis, ClassId, ModelId, RankedClass};

    use crate::problem::ProblemKind;

    fn printed(photo: &str, outcome: &Result<Prediction, Problem>) -> String {
        let mut out = Vec::new();
        print(&mut out, &Catalog::builtin().unwrap(), Path::new(photo), outcome).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let class = |id: &str, probability| RankedClass {
            id: ClassId::try_from(id.to_owned()).unwrap(),
            probability,
            basis: Basis::Trained,
            photos: 0,
        };
        let prediction = Prediction {
            model: ModelId { name: "m".to_owned(), version: "1".to_owned() },
            verdict: Verdict::Confident,
            out_of_domain: None,
            classes: vec![class("anthracnose", 0.75), class("bacterial_canker", 0.25), class("of_no_catalog", 0.0)],
            guild: None,
            heatmap: None,
        };
        let text = printed("leaf.jpg", &Ok(prediction));
        let rows: Vec<&str> = text.lines().skip(2).filter(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), 3);
        let bars: Vec<usize> = rows.iter().map(|row| row[..row.find(['█', '░']).unwrap()].width()).collect();
        assert!(bars.iter().all(|bar| *bar == bars[0]), "{text}");
        assert!(
            rows[0].contains("炭疽病") && rows[0].contains("Anthracnose") && rows[0].ends_with(" 75.0 %"),
            "{text}"
        );
        assert!(rows[2].contains("of_no_catalog"), "{text}");
    }

    #[test]
    fn a_file_name_cannot_command_the_terminal() {
        let text = printed("\u{1b}[2Jleaf.jpg", &Err(Problem::new(ProblemKind::PhotoEmpty, "empty")));
        assert!(!text.contains('\u{1b}') && text.contains("error: empty"), "{text}");
    }
}
