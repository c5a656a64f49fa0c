//! The card's text.

use std::fmt::Write as _;

use mango_inference::{Crops, View};

use super::{Card, charts};
use crate::measure::metrics::by_group;
use crate::measure::robustness::SHORT_SIDE;

impl Card {
    /// `README.md`: Hugging Face front matter and every section.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write_front(&mut text);
        let _ = self.write_head(&mut text);
        let _ = self.write_sources(&mut text);
        let _ = self.write_test(&mut text);
        let _ = self.write_elsewhere(&mut text);
        let _ = self.write_robustness(&mut text);
        let _ = self.write_making(&mut text);
        let _ = self.write_credits(&mut text);
        text
    }

    fn write_front(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "---\nlicense: {}", self.manifest.provenance.license.to_lowercase())?;
        writeln!(text, "library_name: burn\npipeline_tag: image-classification")?;
        writeln!(text, "tags: [mango, plant-disease, burn]\nmetrics: [f1, accuracy]")?;
        writeln!(text, "model-index:\n- name: {}\n  results:", self.manifest.model.name)?;
        for set in self.measures.sets.sets.iter().filter(|set| !set.judged.is_empty()) {
            let (name, metrics) = (set.source.name(), [("f1", set.macro_f1()), ("accuracy", set.accuracy())]);
            writeln!(text, "  - task: {{type: image-classification}}")?;
            writeln!(text, "    dataset: {{name: \"{name}\", type: image-folder}}\n    metrics:")?;
            for (metric, figure) in metrics {
                writeln!(text, "    - {{type: {metric}, value: {:.4}}}", figure.value)?;
            }
        }
        writeln!(text, "---")
    }

    fn write_head(&self, text: &mut String) -> std::fmt::Result {
        let manifest = &self.manifest;
        let (model, preprocessing) = (&manifest.model, manifest.preprocessing);
        let classes: Vec<String> = manifest.classes.iter().map(|class| class.as_str().replace('_', " ")).collect();
        let view = match preprocessing.view {
            View::CentreCrop { fraction } => format!("the centred square of {fraction} of the photo's short side"),
            View::Squash => "the whole photo, squashed to a square".to_owned(),
        };
        let crops = match preprocessing.crops {
            Crops::One => "",
            Crops::Two => {
                "; a prediction is computed from the mean embedding of two crops: such a square at the left or upper \
                 end of the photo, and one of 0.8 of its side at the centre, mirrored"
            }
        };
        let precision = serde_json::to_string(&manifest.weights.precision).unwrap_or_default().replace('"', "");
        writeln!(text, "# {} {}\n\n{}\n", model.name, model.version, self.prose.summary)?;
        writeln!(text, "| | |\n|---|---|")?;
        writeln!(text, "| classes | {} |", classes.join(", "))?;
        writeln!(text, "| network | {} |", self.prose.network)?;
        writeln!(text, "| view | {view}, at {0} x {0} pixels{crops} |", preprocessing.size)?;
        let size = self.weights_len as f64 / 1e6;
        writeln!(text, "| file | `{}`, burnpack, {precision}, {size:.2} MB |", manifest.weights.file)?;
        writeln!(text, "| trained on | {} |", self.prose.trained_on)?;
        writeln!(
            text,
            "| weights' licence | {}, the strictest of the photos' licences. The code is MIT or Apache-2.0 |",
            manifest.provenance.license
        )?;
        writeln!(
            text,
            "\nFigures in brackets are 95 % intervals: 1,000 bootstraps that draw whole groups (one leaf, or leaves \
             that look alike), because photos of one leaf are not independent. An interval says how far other leaves \
             *of the same kind of photo* may move the figure; it says nothing of other orchards.\n"
        )?;
        if let Some(goals) = self.goals_table() {
            writeln!(text, "## Goals\n\n{goals}")?;
        }
        writeln!(text, "## Limits\n")?;
        self.prose.limits.iter().try_for_each(|limit| writeln!(text, "- {limit}"))?;
        writeln!(text)
    }

    fn write_sources(&self, text: &mut String) -> std::fmt::Result {
        if let Some(unseen) = self.unseen_table() {
            writeln!(text, "## Orchards that it has not seen\n")?;
            writeln!(
                text,
                "A model of the same recipe was trained without a source and judged on it, and its thresholds were fitted \
                 without that source too. This is what an orchard that no training photo comes from has to expect.\n\n{unseen}"
            )?;
        }
        writeln!(text, "## Every set\n\n{}", self.sets_table())?;
        if let Some(symptom) = self.symptom_table() {
            writeln!(text, "{symptom}")?;
        }
        Ok(())
    }

    fn write_test(&self, text: &mut String) -> std::fmt::Result {
        let judged = &self.measures.test.judged;
        let groups = by_group(judged);
        let whole = groups.iter().filter(|group| group.right == group.photos).count();
        writeln!(text, "## Leaves like those it was trained on\n")?;
        writeln!(
            text,
            "MangoLeafBD shows each leaf several times, so a random split puts the same leaf on both sides. Here every \
             leaf is on one side: `test` holds {} photos in {} groups, of which none was trained on.\n",
            judged.len(),
            groups.len()
        )?;
        writeln!(text, "{}\n{}", self.test_table(), self.class_table())?;
        writeln!(text, "{whole} of {} groups are without an error.", groups.len())?;
        if whole < groups.len() {
            writeln!(text, "The others:\n\n{}", self.group_table())?;
        }
        writeln!(text, "\n![Confusion matrix on the test split]({})\n", charts::CONFUSION)?;
        if let Some(calibration) = self.calibration_table() {
            writeln!(text, "Calibration by temperature:\n\n{calibration}")?;
        }
        writeln!(text, "![Reliability diagrams of the test split and the other orchard]({})\n", charts::RELIABILITY)
    }

    fn write_elsewhere(&self, text: &mut String) -> std::fmt::Result {
        let (orchard, domain) = (&self.measures.orchard, &self.measures.domain);
        writeln!(text, "## Leaves of another orchard\n")?;
        writeln!(
            text,
            "{} close-ups of Harumanis leaves from Malaysia: another country, other trees and cameras. The weights are \
             not trained on them. Of the classes it holds only some.\n\n{}",
            orchard.judged.len(),
            self.orchard_table()
        )?;
        writeln!(text, "## What is no mango leaf\n")?;
        writeln!(
            text,
            "Score: {}. AUROC is how often a photo of the set scores above a leaf of MangoLeafBD's test split; \
             `not_mango_leaf` is right for the last two sets and wrong for the first two.\n\n{}",
            domain.score_name,
            self.domain_table()
        )
    }

    fn write_robustness(&self, text: &mut String) -> std::fmt::Result {
        let (robustness, backgrounds) = (&self.measures.robustness, &self.measures.backgrounds);
        writeln!(text, "## Bad photos\n")?;
        if robustness.is_partial() {
            writeln!(text, "**A quick look at {} photos only.**\n", robustness.viewed.len())?;
        }
        writeln!(
            text,
            "A photo of each of the test split's {} leaves in 15 corruptions and 5 severities, in \
             the manner of Hendrycks and Dietterich 2019, brought to a short side of {SHORT_SIDE} pixels first. Mean macro-F1 {}, clean {}. Mean corruption \
             error (of 1 − accuracy, not divided by AlexNet's) {}, which is {} above the clean error.\n\n{}",
            robustness.viewed.len(),
            robustness.mean_f1(),
            robustness.clean_f1(),
            robustness.mean_corruption_error(),
            robustness.error_above_clean(),
            self.corruption_table()
        )?;
        writeln!(text, "![Macro-F1 by corruption and severity]({})\n", charts::CORRUPTIONS)?;
        writeln!(text, "## Other backgrounds\n")?;
        if backgrounds.is_partial() {
            writeln!(text, "**A quick look at {} photos only.**\n", backgrounds.photos())?;
        }
        writeln!(
            text,
            "In MangoLeafBD class goes with background. Of the same photos {} had their leaf cut out and laid on other \
             grounds; {} were left out because the leaf was not surely found or covers under a tenth. A model \
             that looks at the leaf alone answers alike on every ground; one that looks at the background alone does \
             well where the leaf is painted over.\n\n{}",
            backgrounds.swapped.len(),
            backgrounds.photos() - backgrounds.swapped.len(),
            self.background_table()
        )
    }

    fn write_making(&self, text: &mut String) -> std::fmt::Result {
        if let Some(changes) = self.change_table() {
            writeln!(text, "## What was tried\n\n{changes}")?;
        }
        let reproduction = &self.prose.reproduction;
        writeln!(text, "## Made by\n\n```sh\n{}\n```\n", reproduction.command)?;
        let seed = self.manifest.provenance.seed;
        writeln!(text, "{} Seed {seed}. This card, every figure and picture of it:\n", reproduction.time)?;
        let name = &self.manifest.model.name;
        writeln!(text, "```sh\ncargo run --release -p mango-training -- evaluate --card --bundle models/{name}\n```\n")
    }

    fn write_credits(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## Credits\n\n- Base weights: {}.", self.manifest.provenance.base)?;
        writeln!(text, "- Trained on: {}.", self.manifest.provenance.data)?;
        for set in &self.measures.sets.sets {
            let origin = set.source.origin();
            writeln!(text, "- {}: {}. Licence: {}.", set.source.name(), origin.credit, origin.licence)?;
        }
        writeln!(text, "\nNo photo of any set is part of this repository.")
    }
}
