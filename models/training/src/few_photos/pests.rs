//! `evaluate-pests`: pests known from the other photos of a handful, one group left out at a time.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use mango_inference::{Catalog, ClassId, FewPhotosCalibration, GuildId, Joined, Predictor, Verdict};
use rayon::prelude::*;

use super::observed::{Observed, gallery, observe};
use super::wrong::{self, WrongReport};
use crate::dataset::{Dataset, OutOfDomain, Split};
use crate::features::read_photo;
use crate::measure::Model;
use crate::measure::interval::{Drawn, Estimate, estimate};
use crate::measure::metrics::{Confusion, Judged, expected_calibration_error, highest, share};
use crate::measure::written;

/// What a photo is called by a gallery without its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Index of its class among the gallery's.
    pub truth: usize,
    /// Its group.
    pub group: String,
    /// Its file.
    pub path: String,
    /// How many of the gallery's classes come before its own.
    pub rank: usize,
    /// The class that comes first of all, trained ones too.
    pub called: ClassId,
    /// The probability that it is given.
    pub probability: f32,
    /// Whether that class is of its guild.
    pub guild_right: bool,
    /// The guild that is named where the class is unsure.
    pub guild: Option<GuildId>,
    /// The verdict.
    pub verdict: Verdict,
    /// How far the photo is from known leaves.
    pub out_of_domain: Option<f32>,
    /// All classes' logits, and how new the photo is.
    pub joined: Joined,
    /// Index of its class in `joined`.
    pub class: usize,
}

impl Drawn for Named {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// A model's answers on pests, and what the gallery does to its others.
#[derive(Clone, Debug)]
pub struct PestReport {
    /// The model, name and version.
    pub model: String,
    /// The gallery's classes.
    pub classes: Vec<ClassId>,
    /// The guild of each.
    pub guilds: Vec<GuildId>,
    /// Bytes that a photo takes in the gallery's file.
    pub bytes_a_photo: usize,
    /// Every photo.
    pub named: Vec<Named>,
    /// Macro-F1 on MangoLeafBD's test split without and with the gallery.
    pub leaves: [f64; 2],
    /// Accuracy on the other orchard without and with the gallery.
    pub orchard: [f64; 2],
    /// Objects called `not_mango_leaf` without and with the gallery.
    pub objects: [f64; 2],
}

/// Names every pest from the photos of other groups, and tries the whole gallery on what is no pest.
pub(crate) fn evaluate(bundle: &Path, data: &Path) -> Result<(PestReport, WrongReport)> {
    let model = Model::load(bundle)?;
    let predictor = model.predictor().clone().with_guilds(&Catalog::builtin()?);
    let photos = observe(&predictor, &Dataset::mango_pests(data)?, "pests")?;
    let whole = gallery(&predictor, &photos)?;
    let bytes_a_photo = whole.encode().len() / photos.len().max(1);
    let with = Model::from(predictor.clone().with_galleries(&[whole])?);
    let without = Model::from(predictor.clone());
    let report = PestReport { bytes_a_photo, ..report(&predictor, &photos, &[without, with], data)? };
    let wrong = wrong::evaluate(&predictor, &photos, &report.classes)?;
    Ok((report, wrong))
}

fn report(predictor: &Predictor, photos: &[Observed], models: &[Model; 2], data: &Path) -> Result<PestReport> {
    let catalog = Catalog::builtin()?;
    let mut classes: Vec<ClassId> = photos.iter().map(|photo| photo.sample.class.clone()).collect();
    classes.sort();
    classes.dedup();
    let guild = |class: &ClassId| catalog.guild_of(class).cloned().with_context(|| format!("{class} has no guild"));
    let guilds = classes.iter().map(guild).collect::<Result<Vec<_>>>()?;
    let named = leave_one_group_out(predictor, photos, &classes, &catalog)?;
    let objects = OutOfDomain::ImageNetObjects.photos(data)?;
    let (test, orchard) = (Dataset::mango_leaf_bd(data)?.split(Split::Test), Dataset::other_orchard(data)?);
    let mut leaves = [0.0; 2];
    let mut elsewhere = [0.0; 2];
    let mut refused = [0.0; 2];
    for (i, model) in models.iter().enumerate() {
        let trained = model.manifest().classes.len();
        let (judged, _) = model.judge(&test, "test split")?;
        leaves[i] = Confusion::new(model.predictor().classes().len(), &judged).macro_f1_of(0..trained);
        elsewhere[i] =
            share(&model.judge(&orchard, "other orchard")?.0.iter().collect::<Vec<_>>(), |photo| photo.is_right());
        let verdicts = objects
            .par_iter()
            .map(|path| Ok(model.answer(&read_photo(path)?)?.verdict))
            .collect::<Result<Vec<Verdict>>>()?;
        let called = verdicts.iter().filter(|verdict| **verdict == Verdict::NotMangoLeaf).count();
        refused[i] = called as f64 / verdicts.len().max(1) as f64;
    }
    Ok(PestReport {
        model: models[0].name(),
        classes,
        guilds,
        bytes_a_photo: 0,
        named,
        leaves,
        orchard: elsewhere,
        objects: refused,
    })
}

/// Each group named by a gallery of all the others.
pub(super) fn leave_one_group_out(
    predictor: &Predictor,
    photos: &[Observed],
    classes: &[ClassId],
    catalog: &Catalog,
) -> Result<Vec<Named>> {
    photos
        .par_iter()
        .enumerate()
        .map(|(index, photo)| {
            let rest = photos.iter().filter(|other| other.sample.group != photo.sample.group);
            let taught = predictor.clone().with_galleries(&[gallery(predictor, rest)?])?;
            name(&taught, photo, classes, catalog).with_context(|| format!("photo {index}"))
        })
        .collect()
}

fn name(predictor: &Predictor, photo: &Observed, classes: &[ClassId], catalog: &Catalog) -> Result<Named> {
    let joined = predictor.join(&photo.shown).context("the gallery is empty")?;
    let prediction = predictor.judge(&photo.shown);
    let best = prediction.best().context("no class")?;
    let logit = |class: &ClassId| {
        let place = predictor.classes().iter().position(|id| id == class)?;
        joined.logits.get(place).copied()
    };
    let truth = classes.iter().position(|class| *class == photo.sample.class).context("an unknown class")?;
    let own = logit(&photo.sample.class);
    let before = classes.iter().filter(|class| **class != photo.sample.class && logit(class) >= own).count();
    Ok(Named {
        truth,
        group: photo.sample.group.clone(),
        path: photo.sample.path.clone(),
        // A class whose only group is left out cannot be named.
        rank: if own.is_some() { before } else { classes.len() },
        called: best.id.clone(),
        probability: best.probability,
        guild_right: catalog.guild_of(&best.id) == catalog.guild_of(&photo.sample.class),
        guild: prediction.guild.map(|guild| guild.id),
        verdict: prediction.verdict,
        out_of_domain: prediction.out_of_domain,
        class: predictor.classes().iter().position(|id| *id == photo.sample.class).unwrap_or(usize::MAX),
        joined,
    })
}

impl Named {
    /// How strange it is to a gallery without it.
    #[must_use]
    pub fn strangeness(&self) -> f32 {
        FewPhotosCalibration::strangeness(self.joined.novelty, self.out_of_domain)
    }

    /// Whether it was called what it is, trained classes ranked too.
    #[must_use]
    pub fn is_right(&self, classes: &[ClassId]) -> bool {
        classes.get(self.truth) == Some(&self.called)
    }

    /// As a judged photo of the joint ranking.
    #[must_use]
    pub fn judged(&self, classes: &[ClassId]) -> Judged {
        let predicted = if self.is_right(classes) { self.truth } else { usize::MAX };
        let Self { truth, probability, verdict, .. } = *self;
        Judged { truth, predicted, probability, verdict, group: self.group.clone() }
    }
}

impl PestReport {
    /// Share whose class is among the first `places` of the gallery's classes.
    #[must_use]
    pub fn top(&self, places: usize) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.rank < places))
    }

    /// Share called what they are with the trained classes in the ranking.
    #[must_use]
    pub fn joint(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.is_right(&self.classes)))
    }

    /// Share called a class of their guild.
    #[must_use]
    pub fn by_guild(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.guild_right))
    }

    /// Share called no mango leaf.
    #[must_use]
    pub fn refused(&self) -> Estimate {
        estimate(&self.named, |drawn| share(drawn, |photo| photo.verdict == Verdict::NotMangoLeaf))
    }

    /// Share called confident, and of these the share right.
    #[must_use]
    pub fn confident(&self) -> [Estimate; 2] {
        let confident: Vec<Named> =
            self.named.iter().filter(|photo| photo.verdict == Verdict::Confident).cloned().collect();
        [
            estimate(&self.named, |drawn| share(drawn, |photo| photo.verdict == Verdict::Confident)),
            estimate(&confident, |drawn| share(drawn, |photo| photo.is_right(&self.classes))),
        ]
    }

    /// Where the class is unsure and a guild is named: the share of all photos, and of these the share right.
    #[must_use]
    pub fn guild_named(&self) -> [f64; 2] {
        let named: Vec<&Named> = self.named.iter().filter(|photo| photo.guild.is_some()).collect();
        let right = |photo: &&Named| photo.guild.as_ref() == self.guilds.get(photo.truth);
        let part = named.len() as f64 / self.named.len().max(1) as f64;
        [part, named.iter().filter(|photo| right(photo)).count() as f64 / named.len().max(1) as f64]
    }

    /// Expected calibration error of the joint ranking.
    #[must_use]
    pub fn calibration_error(&self) -> f64 {
        expected_calibration_error(&self.judged())
    }

    /// Every photo as a judged one.
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
        writeln!(
            text,
            "{}: {count} pests from few photos, {} photos, one group left out",
            self.model,
            self.named.len()
        )?;
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
        writeln!(text, "{:44} {}", "bytes a photo", self.bytes_a_photo)?;
        writeln!(text, "\n{:44} without   with the gallery", "")?;
        for (name, [without, with]) in [
            ("macro-F1, MangoLeafBD test", self.leaves),
            ("accuracy, other orchard", self.orchard),
            ("objects called not_mango_leaf", self.objects),
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

/// Index of the highest logit.
pub(super) fn first(joined: &Joined) -> usize {
    highest(&joined.logits)
}
