//! The card's tables, in Markdown.

use super::{Card, goals};
use crate::measure::background_swap::VIEWS;
use crate::measure::corruption::Corruption;
use crate::measure::interval::Estimate;
use crate::measure::metrics::{GroupFigures, by_group};
use crate::measure::sets::SetReport;
use mango_inference::Verdict;

/// A table: its head, and its rows.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&head.map(str::to_owned));
    text.push_str(&"|---".repeat(N));
    text.push_str("|\n");
    rows.into_iter().for_each(|row| text.push_str(&line(&row)));
    text
}

impl Card {
    pub(super) fn goals_table(&self) -> Option<String> {
        let rows = goals::rows(self.prose.goals.as_ref()?, &self.measures, &self.manifest.measured);
        let rows = rows.into_iter().map(|row| {
            let reached = if row.is_reached() { "reached" } else { "**not reached**" };
            [row.name.clone(), row.goal(), row.figure.to_string(), reached.to_owned()]
        });
        Some(table(["goal", "", "measured (95 %)", ""], rows))
    }

    /// What models of the same recipe that were trained without a source make of it.
    pub(super) fn unseen_table(&self) -> Option<String> {
        let measured = &self.manifest.measured;
        let rows: Vec<[String; 6]> = goals::unseen_sources(measured)
            .into_iter()
            .map(|source| {
                let figure = |name: &str| {
                    goals::unseen(measured, &source, name).map_or_else(|| "–".to_owned(), |figure| figure.to_string())
                };
                let figures = ["confident_and_wrong", "confident_right", "confident", "mean_recall", "ece"].map(figure);
                let [wrong, right, confident, recall, error] = figures;
                [source, wrong, right, confident, recall, error]
            })
            .collect();
        let head = [
            "trained without",
            "confident and wrong, of all",
            "right, of those called confident",
            "called `confident`",
            "mean recall",
            "calibration error",
        ];
        (!rows.is_empty()).then(|| table(head, rows))
    }

    /// Every set: those that are trained on by their test split, the others whole.
    pub(super) fn sets_table(&self) -> String {
        let rows = self.measures.sets.sets.iter().map(|set| {
            let named = |figure: fn(&SetReport) -> Estimate| {
                if set.judged.is_empty() { "–".to_owned() } else { figure(set).to_string() }
            };
            let seen = if set.source.origin().trained_on { "test split" } else { "never trained on" };
            let any_confident = set.verdict_share(Verdict::Confident).value > 0.0;
            [
                format!("{}, {seen}", set.source.name()),
                set.photos.len().to_string(),
                named(SetReport::accuracy),
                named(SetReport::macro_f1),
                named(SetReport::calibration_error),
                named(SetReport::confident_and_wrong),
                if any_confident { named(SetReport::confident_right) } else { "–".to_owned() },
                set.verdict_share(Verdict::NotMangoLeaf).to_string(),
            ]
        });
        let head = [
            "photos of",
            "photos",
            "accuracy",
            "macro-F1",
            "calibration error",
            "confident and wrong, of all",
            "right, of those called confident",
            "called `not_mango_leaf`",
        ];
        table(head, rows)
    }

    /// Symptom or none, of every set that shows both.
    pub(super) fn symptom_table(&self) -> Option<String> {
        let rows: Vec<[String; 2]> = self
            .measures
            .sets
            .sets
            .iter()
            .filter_map(|set| Some([set.source.name().to_owned(), set.symptom_balanced()?.to_string()]))
            .collect();
        (!rows.is_empty()).then(|| table(["leaves with a symptom or none", "balanced accuracy (95 %)"], rows))
    }

    pub(super) fn test_table(&self) -> String {
        let test = &self.measures.test;
        let rows = [
            ("macro-F1", test.macro_f1()),
            ("accuracy", test.accuracy()),
            ("expected calibration error", test.calibration_error()),
            ("called `confident`", test.confident()),
            ("of which right", test.confident_right()),
        ];
        table(["test split", "(95 %)"], rows.map(|(name, figure)| [name.to_owned(), figure.to_string()]))
    }

    pub(super) fn class_table(&self) -> String {
        let test = &self.measures.test;
        let (confusion, groups) = (test.confusion(), by_group(&test.judged));
        let shown = test.classes.iter().enumerate().filter(|(index, _)| confusion.class(*index).support > 0);
        let rows = shown.map(|(index, class)| {
            let figures = confusion.class(index);
            let of: Vec<&GroupFigures> = groups.iter().filter(|group| group.class == index).collect();
            let whole = of.iter().filter(|group| group.right == group.photos).count();
            [
                class.to_string(),
                format!("{:.3}", figures.precision),
                format!("{:.3}", figures.recall),
                test.f1(index).to_string(),
                figures.support.to_string(),
                of.len().to_string(),
                whole.to_string(),
            ]
        });
        table(["class", "precision", "recall", "F1 (95 %)", "photos", "groups", "groups without an error"], rows)
    }

    /// The groups that hold an error; all others hold none.
    pub(super) fn group_table(&self) -> String {
        let test = &self.measures.test;
        let groups = by_group(&test.judged).into_iter().filter(|group| group.right < group.photos);
        let rows = groups.map(|group| {
            let class = test.classes[group.class].to_string();
            [group.group, class, group.photos.to_string(), (group.photos - group.right).to_string()]
        });
        table(["group with an error", "class", "photos", "wrong"], rows)
    }

    pub(super) fn orchard_table(&self) -> String {
        let orchard = &self.measures.orchard;
        let recalls = orchard.recalls().into_iter().map(|(class, photos, recall)| {
            [format!("recall of {} ({photos} photos)", orchard.classes[class]), recall.to_string()]
        });
        let first = [
            (format!("accuracy, {} classes ranked", orchard.classes.len()), orchard.accuracy()),
            ("accuracy, its own classes only".to_owned(), orchard.accuracy_among_shown()),
        ];
        let last = [
            ("expected calibration error", orchard.calibration_error()),
            ("called `not_mango_leaf`", orchard.not_mango_leaf()),
            ("called `confident`", orchard.confident()),
            ("of which right", orchard.confident_right()),
        ];
        let rows = first.map(|(name, figure)| [name, figure.to_string()]).into_iter().chain(recalls);
        let rows = rows.chain(last.map(|(name, figure)| [name.to_owned(), figure.to_string()]));
        table(["other orchard", "(95 %)"], rows)
    }

    pub(super) fn domain_table(&self) -> String {
        let domain = &self.measures.domain;
        let aurocs =
            ["", "", &domain.auroc_objects().to_string(), &domain.auroc_guava().to_string()].map(str::to_owned);
        let rows = domain.sets().into_iter().zip(aurocs).map(|((name, scored), auroc)| {
            let share = |verdict| crate::measure::domain::verdict_share(scored, verdict).to_string();
            let (not_leaf, confident) = (share(Verdict::NotMangoLeaf), share(Verdict::Confident));
            [name.to_owned(), scored.len().to_string(), auroc, not_leaf, confident]
        });
        let head =
            ["photos of", "photos", "AUROC (95 %)", "called `not_mango_leaf` (95 %)", "called `confident` (95 %)"];
        table(head, rows)
    }

    pub(super) fn corruption_table(&self) -> String {
        let robustness = &self.measures.robustness;
        let rows = Corruption::ALL.map(|corruption| {
            let f1 = |severity| format!("{:.3}", robustness.macro_f1(corruption, severity));
            [corruption.name().to_owned(), f1(1), f1(2), f1(3), f1(4), f1(5)]
        });
        table(["macro-F1 at severity", "1", "2", "3", "4", "5"], rows)
    }

    pub(super) fn background_table(&self) -> String {
        let backgrounds = &self.measures.backgrounds;
        let rows = VIEWS.into_iter().enumerate().map(|(view, name)| {
            [name.to_owned(), backgrounds.macro_f1(view).to_string(), backgrounds.unchanged(view).to_string()]
        });
        table(["background", "macro-F1 (95 %)", "same answer as on its own (95 %)"], rows)
    }

    /// Every `x` of the manifest's measured figures beside its `x_before_temperature`.
    pub(super) fn calibration_table(&self) -> Option<String> {
        let measured = &self.manifest.measured;
        let rows: Vec<[String; 3]> = measured
            .iter()
            .filter_map(|(name, before)| {
                let name = name.strip_suffix("_before_temperature")?;
                let after = measured.get(name)?;
                Some([format!("`{name}`"), format!("{before:.4}"), format!("{after:.4}")])
            })
            .collect();
        if rows.is_empty() { None } else { Some(table(["on the validation split", "before", "after"], rows)) }
    }

    pub(super) fn change_table(&self) -> Option<String> {
        if self.changes.is_empty() {
            return None;
        }
        let figure = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.3}"));
        let rows = self.changes.iter().map(|change| {
            let kept = if change.kept { "yes" } else { "no" }.to_owned();
            let figures = [figure(change.val_macro_f1), figure(change.other_orchard_accuracy)];
            let [val, orchard] = figures;
            [change.change.clone(), val, orchard, kept, change.note.clone()]
        });
        Some(table(["change", "val macro-F1", "other orchard, accuracy", "kept", "note"], rows))
    }
}
