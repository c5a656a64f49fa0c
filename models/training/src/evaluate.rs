//! `evaluate`: a bundle measured through the code that users run.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use mango_inference::{Backend, ClassId, ModelBundle, Predictor, Verdict};
use rayon::prelude::*;

use crate::dataset::{Dataset, Split};
use crate::features::read_photo;
use crate::metrics::{Confusion, Judged, by_group, expected_calibration_error, macro_f1_interval};
use crate::progress;

/// A bundle's answers on a split.
#[derive(Clone, Debug)]
pub struct Report {
    /// The model, name and version.
    pub model: String,
    /// The split.
    pub split: Split,
    /// The classes, in the order of the indices.
    pub classes: Vec<ClassId>,
    /// Every photo.
    pub judged: Vec<Judged>,
    /// Whether each was called confident.
    pub confident: Vec<bool>,
}

/// Predicts every photo of a split from its file's bytes.
///
/// # Errors
/// The bundle or a photo cannot be read.
pub fn evaluate(bundle: &Path, data: &Path, split: Split) -> Result<Report> {
    let bundle = ModelBundle::load(bundle).with_context(|| format!("cannot use {}", bundle.display()))?;
    let predictor = Predictor::new(&bundle, Backend::default())?;
    let dataset = Dataset::mango_leaf_bd(data)?.split(split);
    let classes = bundle.manifest().classes.clone();
    let labels = dataset.labels(&classes)?;
    let bar = progress::bar(dataset.samples.len(), "predicting");
    let answers = dataset
        .samples
        .par_iter()
        .zip(&labels)
        .map(|(sample, truth)| {
            let prediction = predictor.predict(&read_photo(&dataset.root.join(&sample.path))?)?;
            let best = prediction.best().context("the model knows no class")?;
            let predicted = classes.iter().position(|class| *class == best.id).context("an unknown class")?;
            bar.inc(1);
            let judged =
                Judged { truth: *truth, predicted, probability: best.probability, group: sample.group.clone() };
            Ok((judged, prediction.verdict == Verdict::Confident))
        })
        .collect::<Result<Vec<_>>>()?;
    bar.finish_and_clear();
    let model = &bundle.manifest().model;
    let (judged, confident) = answers.into_iter().unzip();
    Ok(Report { model: format!("{} {}", model.name, model.version), split, classes, judged, confident })
}

impl Report {
    /// Counts of truth against prediction.
    #[must_use]
    pub fn confusion(&self) -> Confusion {
        Confusion::new(self.classes.len(), &self.judged)
    }

    /// The figures as tables; every group's with `all_groups`, else those that hold an error.
    #[must_use]
    pub fn to_text(&self, all_groups: bool) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_summary(&mut text);
        let _ = self.write_classes(&mut text);
        let _ = self.write_confusion(&mut text);
        let _ = self.write_groups(&mut text, all_groups);
        text
    }

    fn write_summary(&self, text: &mut String) -> std::fmt::Result {
        let confusion = self.confusion();
        let [low, high] = macro_f1_interval(self.classes.len(), &self.judged);
        writeln!(text, "{} on {}: {} photos", self.model, self.split.name(), self.judged.len())?;
        writeln!(text, "accuracy             {:.4}", confusion.accuracy())?;
        writeln!(
            text,
            "macro-F1             {:.4}  (95 % {low:.3} to {high:.3}, bootstrap over groups)",
            confusion.macro_f1()
        )?;
        writeln!(text, "calibration error    {:.4}", expected_calibration_error(&self.judged))?;
        let sure = self.judged.iter().zip(&self.confident).filter(|(_, confident)| **confident);
        let (sure, right) = sure.fold((0usize, 0usize), |(n, right), (photo, _)| {
            (n + 1, right + usize::from(photo.truth == photo.predicted))
        });
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        writeln!(
            text,
            "called confident     {:.1} % of the photos, of which {:.1} % right\n",
            share(sure, self.judged.len()),
            share(right, sure)
        )
    }

    fn write_classes(&self, text: &mut String) -> std::fmt::Result {
        let confusion = self.confusion();
        let groups = by_group(&self.judged);
        writeln!(text, "{:18} precision  recall      F1  photos  groups  without an error", "class")?;
        for (index, class) in self.classes.iter().enumerate() {
            let figures = confusion.class(index);
            let shown = groups.iter().filter(|group| group.class == index);
            let whole = shown.clone().filter(|group| group.right == group.photos).count();
            writeln!(
                text,
                "{:18} {:>9.3} {:>7.3} {:>7.3} {:>7} {:>7} {whole:>17}",
                class.as_str(),
                figures.precision,
                figures.recall,
                figures.f1,
                figures.support,
                shown.count(),
            )?;
        }
        writeln!(text)
    }

    fn write_confusion(&self, text: &mut String) -> std::fmt::Result {
        write!(text, "{:18}", "truth \\ called")?;
        for class in &self.classes {
            write!(text, " {:>7.7}", class.as_str())?;
        }
        writeln!(text)?;
        for (class, row) in self.classes.iter().zip(&self.confusion().counts) {
            write!(text, "{:18}", class.as_str())?;
            for count in row {
                write!(text, " {count:>7}")?;
            }
            writeln!(text)?;
        }
        writeln!(text)
    }

    fn write_groups(&self, text: &mut String, all: bool) -> std::fmt::Result {
        let groups = by_group(&self.judged);
        let whole = groups.iter().filter(|group| group.right == group.photos).count();
        writeln!(text, "groups (leaves): {}, of which {whole} without an error", groups.len())?;
        for group in groups.iter().filter(|group| all || group.right < group.photos) {
            let class = self.classes[group.class].as_str();
            writeln!(text, "  {:10} {class:18} {:>3} of {:>3} right", group.group, group.right, group.photos)?;
        }
        Ok(())
    }
}
