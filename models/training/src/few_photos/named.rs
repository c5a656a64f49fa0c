//! Photos classified with a gallery without their own group.

use anyhow::{Context, Result};
use mango_inference::{Catalog, ClassId, FewPhotosCalibration, GuildId, Joined, Predictor, Unfamiliarity, Verdict};
use rayon::prelude::*;

use super::observed::{Observed, gallery};
use crate::measure::interval::Drawn;
use crate::measure::metrics::Judged;

/// The classification of a photo with a gallery without its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Index of its class among the gallery's classes.
    pub truth: usize,
    /// Its group.
    pub group: String,
    /// Its file.
    pub path: String,
    /// Number of the gallery's classes ranked before its own.
    pub rank: usize,
    /// The first class of all, trained classes included.
    pub called: ClassId,
    /// The first class's probability.
    pub probability: f32,
    /// Whether the first class is of its guild.
    pub guild_right: bool,
    /// The guild that is named if the class is unsure.
    pub guild: Option<GuildId>,
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence that the photo shows none of the trained classes.
    pub unfamiliarity: Unfamiliarity,
    /// All classes' logits and the photo's novelty.
    pub joined: Joined,
    /// Index of its class in `joined`; `None` if its only group was left out.
    pub class: Option<usize>,
}

impl Drawn for Named {
    fn unit(&self) -> (usize, &str) {
        (self.truth, &self.group)
    }
}

/// Classifies each group with a gallery of all other groups.
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
    let prediction = predictor.classify(&photo.shown);
    let best = prediction.best().context("no class")?;
    let place = |class: &ClassId| predictor.classes().iter().position(|id| id == class);
    let logit = |class: &ClassId| joined.logits.get(place(class)?).copied();
    let class = place(&photo.sample.class);
    let truth = classes.iter().position(|class| *class == photo.sample.class).context("an unknown class")?;
    let own = logit(&photo.sample.class);
    let before = classes.iter().filter(|class| **class != photo.sample.class && logit(class) >= own).count();
    Ok(Named {
        truth,
        group: photo.sample.group.clone(),
        path: photo.sample.path.clone(),
        // A class whose only group is left out is not among the classes.
        rank: if own.is_some() { before } else { classes.len() },
        called: best.id.clone(),
        probability: best.probability,
        guild_right: catalog.guild_of(&best.id) == catalog.guild_of(&photo.sample.class),
        guild: prediction.guild.map(|guild| guild.id),
        verdict: prediction.verdict,
        unfamiliarity: predictor.unfamiliarity(&photo.shown),
        class,
        joined,
    })
}

impl Named {
    /// Its strangeness for a gallery without it.
    #[must_use]
    pub fn strangeness(&self) -> f32 {
        FewPhotosCalibration::strangeness(self.joined.novelty, self.unfamiliarity)
    }

    /// Whether the first class, trained classes included, is right.
    #[must_use]
    pub fn is_right(&self, classes: &[ClassId]) -> bool {
        classes.get(self.truth) == Some(&self.called)
    }

    /// As a result of the joint ranking, in which all other classes are one class after these.
    #[must_use]
    pub fn judged(&self, classes: &[ClassId]) -> Judged {
        let predicted = if self.is_right(classes) { self.truth } else { classes.len() };
        let Self { truth, probability, verdict, .. } = *self;
        Judged { truth, predicted, probability, verdict, group: self.group.clone() }
    }
}
