//! `evaluate-pests`: few-shot classification of pests, one group left out at a time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mango_inference::{Catalog, ClassId, GuildId, Observation, Verdict};

use super::named::{Named, leave_one_group_out};
use super::observed::{gallery, observe};
use super::wrong::{self, WrongReport};
use crate::measure::Model;
use crate::measure::interval::{Estimate, estimate};
use crate::measure::metrics::{Confusion, Judged, expected_calibration_error, share};
use crate::measure::written;
use crate::photos::dataset::{Dataset, OutOfDomain, Split};
use crate::photos::sources::{Collection, Source};

/// A model's answers on pests, and the effect of the gallery on its other answers.
#[derive(Clone, Debug)]
pub struct PestReport {
    /// The model, name and version.
    pub model: String,
    /// The gallery's classes.
    pub classes: Vec<ClassId>,
    /// The guild of each.
    pub guilds: Vec<GuildId>,
    /// Bytes per photo in the gallery's file.
    pub bytes_a_photo: usize,
    /// Every photo.
    pub named: Vec<Named>,
    /// Macro-F1 on MangoLeafBD's test split without and with the gallery.
    pub leaves: [f64; 2],
    /// Accuracy on the other orchard without and with the gallery.
    pub orchard: [f64; 2],
    /// Share of objects classified as `not_mango_leaf`, without and with the gallery.
    pub objects: [f64; 2],
    /// Share of other plants' test photos classified as `not_mango_leaf`, without and with the gallery.
    pub plants: [f64; 2],
}

/// Classifies every pest with a gallery of the other groups, and evaluates the whole gallery on photos of other sets.
pub(crate) fn evaluate(bundle: &Path, data: &Path) -> Result<(PestReport, WrongReport)> {
    let catalog = Catalog::builtin()?;
    let without = Model::from(Model::load(bundle)?.predictor().clone().with_guilds(&catalog));
    let predictor = without.predictor();
    let dataset = Dataset::mango_pests(data)?;
    let (classes, photos) = (dataset.classes(), observe(predictor, &dataset, "pests")?);
    let guild = |class: &ClassId| catalog.guild_of(class).cloned().with_context(|| format!("{class} has no guild"));
    let whole = gallery(predictor, &photos)?;
    let bytes_a_photo = whole.encode().len() / photos.len().max(1);
    let with = Model::from(predictor.clone().with_galleries(&[whole])?);
    let [leaves, orchard, objects, plants] = cost(&[&without, &with], data)?;
    let report = PestReport {
        model: without.name(),
        guilds: classes.iter().map(guild).collect::<Result<_>>()?,
        bytes_a_photo,
        named: leave_one_group_out(predictor, &photos, &classes, &catalog)?,
        leaves,
        orchard,
        objects,
        plants,
        classes,
    };
    let wrong = wrong::evaluate(predictor, &photos, &report.classes)?;
    Ok((report, wrong))
}

/// Macro-F1 on leaves, accuracy in the other orchard and shares of rejected objects and other plants, each for both
/// models. The models differ only in their galleries, so the network runs once.
fn cost(models: &[&Model; 2], data: &Path) -> Result<[[f64; 2]; 4]> {
    let trained = models[0].manifest().classes.clone();
    let (test, orchard) = (Dataset::mango_leaf_bd(data)?.split(Split::Test), Dataset::other_orchard(data)?);
    let pairs = |dataset: &Dataset, what| -> Result<[Vec<(usize, usize)>; 2]> {
        let (labels, shown) = (dataset.labels(&trained)?, models[0].observe_files(&dataset.paths(), what)?);
        let called =
            |model: &Model| shown.iter().map(|shown| model.answer_observation(shown).best()).collect::<Vec<_>>();
        Ok(models.map(|model| labels.iter().copied().zip(called(model)).collect()))
    };
    let confusions = |pairs: [Vec<(usize, usize)>; 2]| {
        let classes = models[1].predictor().classes().len();
        pairs.map(|pairs| Confusion::count(classes, pairs))
    };
    let leaves = confusions(pairs(&test, "test split")?).map(|confusion| confusion.macro_f1());
    let elsewhere = confusions(pairs(&orchard, "other orchard")?).map(|confusion| confusion.accuracy());
    let refused = |paths: &[PathBuf], what| -> Result<[f64; 2]> {
        let shown = models[0].observe_files(paths, what)?;
        let is = |shown: &Observation, model: &Model| model.answer_observation(shown).verdict == Verdict::NotMangoLeaf;
        Ok(models.map(|model| share(&shown, |shown| is(shown, model))))
    };
    let objects = refused(&OutOfDomain::ImageNetObjects.photos(data)?, "objects")?;
    let plants = Collection::read(data, &[Source::NotMango])?.split(Split::Test);
    Ok([leaves, elsewhere, objects, refused(&plants.photos.paths(), "other plants")?])
}

impl PestReport {
    /// Share whose class is among the first `places` of the gallery's classes.
    #[must_use]
    pub fn top(&self, places: usize) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.rank < places))
    }

    /// Accuracy with the trained classes in the ranking.
    #[must_use]
    pub fn joint(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.is_right(&self.classes)))
    }

    /// Share classified as a class of their guild.
    #[must_use]
    pub fn by_guild(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.guild_right))
    }

    /// Share with the verdict `not_mango_leaf`.
    #[must_use]
    pub fn refused(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.verdict == Verdict::NotMangoLeaf))
    }

    /// Share of confident predictions, and accuracy of these.
    #[must_use]
    pub fn confident(&self) -> [Estimate; 2] {
        let confident: Vec<Named> =
            self.named.iter().filter(|photo| photo.verdict == Verdict::Confident).cloned().collect();
        [
            estimate(&self.named, |drawn| share(drawn, |photo| photo.verdict == Verdict::Confident)),
            estimate(&confident, |drawn| share(drawn, |photo| photo.is_right(&self.classes))),
        ]
    }

    /// Predictions that are unsure and name a guild: the share of all photos, and the accuracy of the guild.
    #[must_use]
    pub fn guild_named(&self) -> [f64; 2] {
        let named: Vec<&Named> = self.named.iter().filter(|photo| photo.guild.is_some()).collect();
        let right = |photo: &&Named| photo.guild.as_ref() == self.guilds.get(photo.truth);
        [share(&self.named, |photo| photo.guild.is_some()), share(&named, right)]
    }

    /// Expected calibration error of the joint ranking.
    #[must_use]
    pub fn calibration_error(&self) -> f64 {
        expected_calibration_error(&self.judged())
    }

    /// The joint ranking's result for every photo.
    #[must_use]
    pub fn judged(&self) -> Vec<Judged> {
        self.named.iter().map(|photo| photo.judged(&self.classes)).collect()
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let count = self.classes.len();
        writeln!(text, "{}: {count} few-shot pests, {} photos, leave-one-group-out", self.model, self.named.len())?;
        writeln!(text, "{:44} share (95 %, bootstrap over groups)", "")?;
        writeln!(text, "{:44} {}", format!("first of the {count}"), self.top(1))?;
        writeln!(text, "{:44} {}", "among the first three", self.top(3))?;
        writeln!(text, "{:44} {}", "first, trained classes ranked too", self.joint())?;
        writeln!(text, "{:44} {}", "first is of its guild", self.by_guild())?;
        let [confident, right] = self.confident();
        writeln!(text, "{:44} {confident}", "called confident")?;
        writeln!(text, "{:44} {right}", "  of which right")?;
        let [part, right] = self.guild_named();
        writeln!(text, "{:44} {part:.3}, of which right {right:.3}", "unsure, its guild named")?;
        writeln!(text, "{:44} {}", "called not_mango_leaf", self.refused())?;
        writeln!(text, "{:44} {:.3}", "calibration error", self.calibration_error())?;
        writeln!(text, "{:44} {}", "bytes per photo", self.bytes_a_photo)?;
        writeln!(text, "\n{:44} without   with the gallery", "")?;
        for (name, [without, with]) in [
            ("macro-F1, MangoLeafBD test", self.leaves),
            ("accuracy, other orchard", self.orchard),
            ("objects called not_mango_leaf", self.objects),
            ("other plants called not_mango_leaf", self.plants),
        ] {
            writeln!(text, "{name:44} {without:.3}     {with:.3}")?;
        }
        writeln!(text, "\n{:28} {:14} photos  first  first three  guild", "pest", "guild")?;
        for (class, (id, guild)) in self.classes.iter().zip(&self.guilds).enumerate() {
            let photos: Vec<&Named> = self.named.iter().filter(|photo| photo.truth == class).collect();
            let count = |right: fn(&Named) -> bool| photos.iter().filter(|photo| right(photo)).count();
            writeln!(
                text,
                "{:28} {:14} {:>6}  {:>5}  {:>11}  {:>5}",
                id.as_str(),
                guild.as_str(),
                photos.len(),
                count(|photo| photo.rank < 1),
                count(|photo| photo.rank < 3),
                count(|photo| photo.guild_right),
            )?;
        }
        Ok(())
    }
}
