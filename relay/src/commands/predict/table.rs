//! Predictions as text.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mango_inference::{Basis, Prediction, RankedClass, Symptom, Verdict};
use unicode_width::UnicodeWidthStr;

use super::pooled;
use crate::model::ClassNames;
use crate::output::terminal::{counted, padded, photos, printable, printable_path};
use crate::problem::Problem;

/// Number of classes shown.
const ROWS: usize = 5;
/// Columns of a full probability bar.
const BAR: usize = 24;

/// Prints a photo's path and its first classes, or its error.
pub(super) fn print(
    out: &mut impl Write,
    names: &ClassNames,
    photo: &Path,
    outcome: &Result<Prediction, Problem>,
) -> io::Result<()> {
    writeln!(out, "{}", printable_path(photo))?;
    match outcome {
        Ok(prediction) => print_classes(out, names, prediction),
        Err(problem) => writeln!(out, "  error: {}\n", printable(problem.detail())),
    }
}

/// Prints the paths of pooled photos and their first classes, or the errors.
pub(super) fn print_pooled(
    out: &mut impl Write,
    names: &ClassNames,
    photos: &[PathBuf],
    outcome: &pooled::Outcome<'_>,
) -> io::Result<()> {
    match outcome {
        Ok(prediction) => {
            for photo in photos {
                writeln!(out, "{}", printable_path(photo))?;
            }
            print_classes(out, names, prediction)
        }
        Err(refused) => {
            for one in refused {
                writeln!(out, "{}", printable_path(one.photo))?;
                writeln!(out, "  error: {}\n", printable(one.problem.detail()))?;
            }
            let (bad, all) = (refused.len(), counted(photos.len(), "photo"));
            writeln!(out, "not pooled: {bad} of {all} could not be processed; replace or leave out those above")
        }
    }
}

fn print_classes(out: &mut impl Write, names: &ClassNames, prediction: &Prediction) -> io::Result<()> {
    writeln!(out, "  {}", verdict(prediction.verdict))?;
    if let Some(part) = prediction.part {
        writeln!(out, "  part: {}", part.as_str())?;
    }
    if let Some(found) = prediction.symptom {
        writeln!(out, "  {}", symptom(found))?;
    }
    if let Some(guild) = &prediction.guild {
        writeln!(out, "  perhaps: {} {:.1} %", names.group(&guild.id), guild.probability * 100.0)?;
    }
    if prediction.verdict == Verdict::NotMangoLeaf {
        // The probabilities assume that the photo shows mango.
        return writeln!(out);
    }
    let rows: Vec<[String; 2]> = prediction.classes.iter().take(ROWS).map(|class| names.of(&class.id)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let (zh_width, en_width) = (width(0), width(1));
    for ([zh, en], class) in rows.iter().zip(&prediction.classes) {
        let (zh, en) = (padded(zh, zh_width), padded(en, en_width));
        let percent = class.probability * 100.0;
        writeln!(out, "  {zh}  {en}  {} {percent:5.1} %{}", bar(class.probability), origin(class))?;
    }
    writeln!(out)
}

/// Whether there is a symptom, with its probability.
fn symptom(symptom: Symptom) -> String {
    let some = symptom.probability >= 0.5;
    let probability = if some { symptom.probability } else { 1.0 - symptom.probability };
    let certainty = if symptom.certain { "certain" } else { "uncertain" };
    format!("{}: {:.1} %, {certainty}", if some { "some symptom" } else { "no symptom" }, probability * 100.0)
}

/// What galleries contain of a class, appended to its probability.
fn origin(class: &RankedClass) -> String {
    match (class.basis, class.photos) {
        (Basis::Trained, 0) => String::new(),
        (Basis::Trained, 1) => "  1 local photo".to_owned(),
        (Basis::Trained, count) => format!("  {count} local photos"),
        (Basis::FewPhotos, count) => format!("  known from {}", photos(count)),
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confident => "confident",
        Verdict::NotMangoLeaf => "not a mango leaf",
        Verdict::Unsure => "unsure: look closer or take another photo",
    }
}

fn bar(probability: f32) -> String {
    let full = (probability.clamp(0.0, 1.0) * BAR as f32).round() as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::{ClassId, Gallery, LikelyGuild, ModelId, Part, PhotoKey, StoredEmbedding};

    use crate::problem::ProblemKind;

    fn id(name: &str) -> ClassId {
        ClassId::try_from(name.to_owned()).unwrap()
    }

    /// A gallery with the label 蓟马 for `of_no_catalog`.
    fn labelled() -> Gallery {
        let model = mango_inference::Predictor::new(&crate::model::embedded().unwrap(), Default::default()).unwrap();
        let gallery = Gallery::new(model.embedding_id());
        let embedding = StoredEmbedding::of(&[1.0]).unwrap();
        let gallery = gallery.with_photo(&id("of_no_catalog"), PhotoKey::of(b"a"), embedding).unwrap();
        gallery.with_label(&id("of_no_catalog"), Some("蓟马")).unwrap()
    }

    fn printed(photo: &str, galleries: &[Gallery], outcome: &Result<Prediction, Problem>) -> String {
        let mut out = Vec::new();
        print(&mut out, &ClassNames::new(galleries).unwrap(), Path::new(photo), outcome).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn prediction(verdict: Verdict, classes: Vec<RankedClass>, guild: Option<LikelyGuild>) -> Prediction {
        let model = ModelId { name: "m".to_owned(), version: "1".to_owned() };
        Prediction { model, verdict, out_of_domain: None, classes, guild, part: None, symptom: None, heatmap: None }
    }

    fn class(name: &str, probability: f32, basis: Basis, photos: usize) -> RankedClass {
        RankedClass { id: id(name), probability, basis, photos }
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let classes = vec![
            class("anthracnose", 0.75, Basis::Trained, 0),
            class("bacterial_canker", 0.25, Basis::Trained, 0),
            class("of_no_catalog", 0.0, Basis::Trained, 0),
        ];
        let text = printed("leaf.jpg", &[], &Ok(prediction(Verdict::Confident, classes, None)));
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
    fn gallery_photos_are_counted_and_labels_are_used() {
        let classes = vec![
            class("of_no_catalog", 0.5, Basis::FewPhotos, 1),
            class("erosomyia_sp", 0.25, Basis::FewPhotos, 6),
            class("gall_midge", 0.25, Basis::Trained, 3),
        ];
        let guild = LikelyGuild { id: "gall_midges".to_owned().try_into().unwrap(), probability: 0.93 };
        let text = printed("leaf.jpg", &[labelled()], &Ok(prediction(Verdict::Unsure, classes, Some(guild))));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "  perhaps: 瘿蚊 Gall midges 93.0 %");
        assert!(lines[3].contains("蓟马") && lines[3].ends_with(" 50.0 %  known from 1 photo"), "{text}");
        assert!(lines[4].ends_with(" 25.0 %  known from 6 photos"), "{text}");
        assert!(lines[5].ends_with(" 25.0 %  3 local photos"), "{text}");
    }

    #[test]
    fn part_and_symptom_are_printed_if_the_model_has_them() {
        let lines = |part, symptom| {
            let classes = vec![class("fruit_healthy", 0.5, Basis::Trained, 0)];
            let prediction = Prediction { part, symptom, ..prediction(Verdict::Unsure, classes, None) };
            let text = printed("fruit.jpg", &[], &Ok(prediction));
            text.lines().skip(2).take_while(|line| !line.contains('█')).map(str::to_owned).collect::<Vec<String>>()
        };
        let symptom = |probability, certain| Some(Symptom { probability, certain });
        assert_eq!(lines(Some(Part::Fruit), symptom(0.75, true)), ["  part: fruit", "  some symptom: 75.0 %, certain"]);
        assert_eq!(lines(None, symptom(0.25, false)), ["  no symptom: 75.0 %, uncertain"]);
        assert!(lines(None, None).is_empty());
    }

    #[test]
    fn no_class_is_printed_of_a_photo_without_mango() {
        let classes = vec![class("anthracnose", 0.9, Basis::Trained, 0)];
        let text = printed("cup.jpg", &[], &Ok(prediction(Verdict::NotMangoLeaf, classes, None)));
        assert_eq!(text, "cup.jpg\n  not a mango leaf\n\n");
    }

    #[test]
    fn escape_codes_in_file_names_are_removed() {
        let text = printed("\u{1b}[2Jleaf.jpg", &[], &Err(Problem::new(ProblemKind::PhotoEmpty, "empty")));
        assert!(!text.contains('\u{1b}') && text.contains("error: empty"), "{text}");
    }
}
