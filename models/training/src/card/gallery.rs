//! The card of the pests' gallery: what few photos are worth to each model.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::charts;
use super::tables::table;
use crate::few_photos::{self, LocalReport, PestReport, WrongReport};

/// File name of [`charts::learning_curves`].
const CURVES: &str = "local-leaves.svg";
/// File name of the reliability diagrams.
const RELIABILITY: &str = "reliability.svg";

/// Everything that the card tells, a model an entry.
#[derive(Clone, Debug)]
pub struct GalleryCard {
    /// Pests from few photos.
    pub pests: Vec<PestReport>,
    /// Wrong photos in the gallery.
    pub wrong: Vec<WrongReport>,
    /// Local leaves.
    pub local: Vec<LocalReport>,
}

impl GalleryCard {
    /// Measures the bundles.
    ///
    /// # Errors
    /// A bundle or photo that cannot be used.
    pub(crate) fn of(bundles: &[PathBuf], data: &Path) -> Result<Self> {
        let mut card = Self { pests: Vec::new(), wrong: Vec::new(), local: Vec::new() };
        for bundle in bundles {
            let (pests, wrong) = few_photos::evaluate_pests(bundle, data)?;
            card.pests.push(pests);
            card.wrong.push(wrong);
            card.local.push(few_photos::evaluate_local(bundle, data)?);
        }
        Ok(card)
    }

    /// Writes `README.md` and its pictures into a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let judged: Vec<_> = self.pests.iter().map(|report| (report.model.as_str(), report.judged())).collect();
        let panels: Vec<_> = judged.iter().map(|(name, judged)| (*name, judged.as_slice())).collect();
        let files = [
            (CURVES, charts::learning_curves(&self.local)),
            (RELIABILITY, charts::reliability(&panels)),
            ("README.md", self.to_markdown()),
        ];
        for (name, content) in files {
            let path = folder.join(name);
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// The card's text.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = HEAD.to_owned();
        // Writing to a String cannot fail.
        let _ = self.write_pests(&mut text);
        let _ = self.write_classes(&mut text);
        let _ = self.write_wrong(&mut text);
        let _ = self.write_local(&mut text);
        text.push_str(FOOT);
        text
    }

    fn write_pests(&self, text: &mut String) -> std::fmt::Result {
        let rows = self.pests.iter().map(|report| {
            let [confident, right] = report.confident();
            let [guild, guild_right] = report.guild_named();
            [
                report.model.clone(),
                report.top(1).to_string(),
                report.top(3).to_string(),
                report.joint().to_string(),
                report.by_guild().to_string(),
                format!("{:.2}, of which right {:.2}", confident.value, right.value),
                format!("{guild:.2}, of which right {guild_right:.2}"),
                format!("{:.3}", report.calibration_error()),
                report.refused().to_string(),
            ]
        });
        let head = [
            "model",
            "first of the 15",
            "among the first three",
            "first, trained classes too",
            "right guild",
            "confident",
            "unsure, guild named",
            "calibration error",
            "called `not_mango_leaf`",
        ];
        writeln!(text, "{}", table(head, rows))?;
        writeln!(text, "![Reliability diagrams]({RELIABILITY})\n")?;
        let rows = self.pests.iter().map(|report| {
            let pair = |[without, with]: [f64; 2]| format!("{without:.3} → {with:.3}");
            [
                report.model.clone(),
                pair(report.leaves),
                pair(report.orchard),
                pair(report.objects),
                pair(report.plants),
                format!("{} bytes", report.bytes_a_photo),
            ]
        });
        let head = [
            "model",
            "macro-F1, MangoLeafBD test",
            "accuracy, other orchard",
            "objects refused",
            "other plants refused",
            "a photo takes",
        ];
        writeln!(text, "What the gallery costs the trained classes (without it → with it):\n\n{}", table(head, rows))
    }

    fn write_classes(&self, text: &mut String) -> std::fmt::Result {
        let Some(first) = self.pests.first() else { return Ok(()) };
        writeln!(text, "Photos of each pest, and of them called right when their group is left out:\n")?;
        write!(text, "| pest | guild | photos |")?;
        self.pests.iter().try_for_each(|report| write!(text, " {}: first | first three | guild |", report.model))?;
        writeln!(text, "\n|---|---|---|{}", "---|---|---|".repeat(self.pests.len()))?;
        for (class, (id, guild)) in first.classes.iter().zip(&first.guilds).enumerate() {
            write!(text, "| {id} | {guild} | {} |", first.named.iter().filter(|photo| photo.truth == class).count())?;
            for report in &self.pests {
                let of = report.named.iter().filter(|photo| photo.truth == class);
                let [one, three, guild] = of.fold([0; 3], |[one, three, guild], photo| {
                    [
                        one + usize::from(photo.rank < 1),
                        three + usize::from(photo.rank < 3),
                        guild + usize::from(photo.guild_right),
                    ]
                });
                write!(text, " {one} | {three} | {guild} |")?;
            }
            writeln!(text)?;
        }
        writeln!(text)
    }

    fn write_wrong(&self, text: &mut String) -> std::fmt::Result {
        let rows = self.pests.iter().zip(&self.wrong).map(|(report, wrong)| {
            [
                report.model.clone(),
                wrong.tried.to_string(),
                format!("{:.2}", wrong.found),
                format!("{:.2}", wrong.listed_though_right),
                format!("{:.3} → {:.3}", wrong.before(), wrong.after),
            ]
        });
        let head = ["model", "wrong photos tried", "found", "right photos listed too", "others called right"];
        writeln!(text, "{WRONG}\n\n{}", table(head, rows))
    }

    fn write_local(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{LOCAL}\n")?;
        let rows = self.local.iter().flat_map(|report| {
            report.points.iter().map(|point| {
                let least = point.draws.iter().copied().fold(f64::INFINITY, f64::min);
                [
                    report.model.clone(),
                    point.leaves.to_string(),
                    point.accuracy.to_string(),
                    format!("{least:.3}"),
                    format!("{:.3}", point.elsewhere),
                ]
            })
        });
        let head =
            ["model", "leaves a class", "accuracy (95 %)", "least of five draws", "macro-F1 on MangoLeafBD test"];
        writeln!(text, "{}", table(head, rows))?;
        writeln!(text, "![Accuracy over local leaves]({CURVES})\n")
    }
}

const HEAD: &str = "\
---
license: cc-by-nc-4.0
library_name: burn
pipeline_tag: image-classification
tags: [mango, pests, few-shot, burn]
---
# Classes from a few photos

`mango-pests/` holds one file for each model: 15 mango pests, known from 2 to 17 photos each (90 in all). A file keeps of
each photo its sha256 and its embedding, a byte a number, and is of use to the model whose embedding it holds and to no
other. A model with the gallery ranks these pests together with its trained classes; a pest's photo is no longer
`not_mango_leaf`. Every answer says of such a class that it is known from so many photos: **take it for a hint**, have
a look at the symptoms in the guide, and believe the guild before the species.

How it works: a photo's logits are corrected by those gallery photos that it is like (kernel ridge regression in the
embedding, see `inference/src/few_photos.rs`); where it has nothing in common with them the trained classes answer as
without a gallery. An orchard's own photos of trained classes go into a gallery of its own in the same way and adapt them.

Figures in brackets are 95 % intervals, 1,000 bootstraps that draw whole groups.

## Pests

Every photo named by a gallery without its group. The three scalars for few photos (temperature, confident threshold,
limit of strangeness) are fitted to these same answers, so calibration error, the share right of those called confident
and the diagram flatter. The constants of the method (in `inference/src/few_photos`) were chosen with a look at both
models' figures here, on validation photos of leaves and fruit, on objects and other plants, and on the leaves of one's own
orchard below: expect a little less of other photos. A pest of two photos is named from one.

";

const WRONG: &str = "\
## A wrong photo

`mango-relay gallery evaluate` holds each photo against all others and lists those that the others call something else,
the surest first. Here every sixth photo was put under a wrong class, one at a time, and the gallery reviewed as that
command does. Sound photos are listed too: look at the first ones. One photo moves a logit by a bounded amount (60 at
most, for photos just like it), and embeddings that no photo gives are refused; but whoever fills a gallery with many
wrong photos can make it say anything. Taking them out gives the old file back.";

const LOCAL: &str = "\
## Leaves of one's own orchard

Leaves of the other orchard (Malaysia; anthracnose, healthy, sooty mould) with all their photos were put into a gallery,
the same number of each class, and all other leaves there named with all classes ranked, without the pests' gallery. Five
draws of the leaves; the intervals are for these draws. The more is taught the fewer leaves are left to name (4 of
healthy at 10), so the points are not of the same leaves.";

const FOOT: &str = "\
## Limits

- 90 photos from one country, in which the pest or its damage fills much of the picture. Sets of two photos say little.
- Eggs, young and other stages than those photographed are not known.
- The species that look alike (scales; gall midges; the two bagworm-like webbers) are told apart from a handful of photos.
- What the network cannot tell apart, no gallery can.

## Made by

```sh
cargo run --release -p mango-training -- make-gallery --bundle models/leaf-lite0
cargo run --release -p mango-training -- make-gallery --bundle models/leaf-mini
cargo run --release -p mango-training -- gallery-card
```

## Credits

- Pest photos: test part of Kusrini et al. 2020, Mendeley Data 94jf97jzc8; its licence is not confirmed, taken as
  non-commercial. Only hashes and embeddings are kept.
- Other orchard: Harumanis mango leaves, UiTM Perlis 2021, CC BY-SA 4.0; measured on, in no file here.
";
