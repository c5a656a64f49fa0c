//! Classification: from an observation to a prediction.

use std::collections::BTreeMap;

use super::Predictor;
use super::rejection::is_rejected;
use crate::calibration::{Others, Symptom, softmax};
use crate::catalog::{Catalog, ClassId, GuildId, Part};
use crate::few_photos::{FewPhotos, Joined, Unfamiliarity};
use crate::prediction::{Basis, LikelyGuild, Observation, Prediction, RankedClass, Verdict};
use crate::timing;

/// A ranking without a verdict.
struct Ranking {
    classes: Vec<RankedClass>,
    /// The first class's probability from which on the verdict is `confident`.
    confident: f32,
    /// The photo's novelty relative to the galleries' photos, if there are any.
    novelty: Option<f32>,
}

impl Predictor {
    /// The predictor with guilds, which it names if it is unsure of the class.
    #[must_use]
    pub fn with_guilds(self, catalog: &Catalog) -> Self {
        Self { guilds: catalog.entries().iter().map(|entry| (entry.id.clone(), entry.guild.clone())).collect(), ..self }
    }

    /// Ranks the classes and gives the verdict.
    #[must_use]
    pub fn classify(&self, observation: &Observation) -> Prediction {
        timing::step(|| ("answer".to_owned(), None), || self.answer(observation))
    }

    fn answer(&self, observation: &Observation) -> Prediction {
        let unfamiliarity = self.unfamiliarity(observation);
        let out_of_domain = unfamiliarity.out_of_domain;
        let Ranking { mut classes, confident, novelty } = match &self.few_photos {
            Some(few) => self.rank_with(few, observation, unfamiliarity),
            None => self.rank(observation, out_of_domain),
        };
        classes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let best = classes.first().map_or(0.0, |class| class.probability);
        let verdict = if is_rejected(&self.manifest, unfamiliarity, novelty) {
            Verdict::NotMangoLeaf
        } else {
            Verdict::at(best, confident)
        };
        let guild = self.guild(&classes).filter(|guild| verdict == Verdict::Unsure && guild.probability >= confident);
        let (part, symptom) = match verdict {
            Verdict::NotMangoLeaf => (None, None),
            Verdict::Confident | Verdict::Unsure => self.part_and_symptom(observation, &classes),
        };
        Prediction {
            model: self.manifest.model.clone(),
            verdict,
            out_of_domain,
            classes,
            guild,
            part,
            symptom,
            heatmap: None,
        }
    }

    /// The probability that the photo shows no mango; `None` if the model has no rejection outputs.
    #[must_use]
    pub fn not_mango(&self, observation: &Observation) -> Option<f32> {
        self.manifest.others.map(|_| Others::probability(&observation.logits, &observation.others))
    }

    /// The evidence that a photo shows none of the trained classes.
    #[must_use]
    pub fn unfamiliarity(&self, observation: &Observation) -> Unfamiliarity {
        Unfamiliarity { not_mango: self.not_mango(observation), out_of_domain: self.out_of_domain(observation) }
    }

    /// The most likely part of the tree, if the model knows several, and whether it shows a symptom.
    fn part_and_symptom(&self, observation: &Observation, ranked: &[RankedClass]) -> (Option<Part>, Option<Symptom>) {
        let share = |part: Part| -> f32 {
            let of = ranked.iter().filter(|class| self.manifest.part(&class.id) == Some(part));
            of.map(|class| class.probability).sum()
        };
        let part = if share(Part::Fruit) > share(Part::Leaf) { Part::Fruit } else { Part::Leaf };
        let trained = self.manifest.classes.iter().zip(&observation.logits);
        let of_part = trained.filter(|(id, _)| self.manifest.part(id) == Some(part));
        let of_part = of_part.map(|(id, logit)| (*logit, self.manifest.healthy.contains(id)));
        let symptom = self.manifest.symptom.and_then(|calibration| calibration.symptom(of_part));
        ((!self.manifest.parts.is_empty()).then_some(part), symptom)
    }

    /// The ranked classes: the trained ones in the manifest's order, then the few-shot classes.
    #[must_use]
    pub fn classes(&self) -> &[ClassId] {
        self.few_photos.as_ref().map_or(&self.manifest.classes, |few| few.classes())
    }

    /// The logits that [`Predictor::classify`] ranks by if there are galleries, in the order of [`Predictor::classes`].
    #[must_use]
    pub fn join(&self, observation: &Observation) -> Option<Joined> {
        let few = self.few_photos.as_ref()?;
        Some(few.join(&observation.embedding, &observation.logits, self.unfamiliarity(observation)))
    }

    /// The discriminative direction of a class at that embedding, of the same length; `None` for an unknown class.
    pub(super) fn direction(&self, id: &ClassId, embedding: &[f32]) -> Option<Vec<f32>> {
        let trained = self.manifest.classes.iter().position(|class| class == id);
        let trained = trained.map(|class| self.network.direction(class));
        let few = self.few_photos.as_ref().and_then(|few| {
            let class = few.classes().iter().position(|class| class == id)?;
            Some(few.direction(class, embedding))
        });
        match (trained, few) {
            (Some(trained), Some(few)) => Some(trained.iter().zip(few).map(|(trained, few)| trained + few).collect()),
            (trained, few) => trained.or(few),
        }
    }

    fn rank(&self, observation: &Observation, out_of_domain: Option<f32>) -> Ranking {
        let calibration = self.manifest.calibration;
        let probabilities = calibration.probabilities(&observation.logits, out_of_domain);
        let classes = self.manifest.classes.iter().zip(probabilities);
        let classes = classes
            .map(|(id, probability)| RankedClass { id: id.clone(), probability, basis: Basis::Trained, photos: 0 })
            .collect();
        Ranking { classes, confident: calibration.confident, novelty: None }
    }

    fn rank_with(&self, few: &FewPhotos, observation: &Observation, unfamiliarity: Unfamiliarity) -> Ranking {
        let joined = few.join(&observation.embedding, &observation.logits, unfamiliarity);
        let first = joined.logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let first_is_new = first.is_some_and(|(class, _)| few.is_new(class));
        let (calibration, new) = (self.manifest.calibration, self.manifest.few_photos);
        let (temperature, confident) = if first_is_new {
            (new.temperature, new.confident)
        } else {
            (calibration.temperature_at(unfamiliarity.out_of_domain), calibration.confident)
        };
        let classes = few.classes().iter().zip(softmax(&joined.logits, temperature)).enumerate();
        let classes = classes
            .map(|(class, (id, probability))| RankedClass {
                id: id.clone(),
                probability,
                basis: if few.is_new(class) { Basis::FewPhotos } else { Basis::Trained },
                photos: few.photos(class),
            })
            .collect();
        Ranking { classes, confident, novelty: Some(joined.novelty) }
    }

    /// The most likely guild, if guilds are known.
    fn guild(&self, classes: &[RankedClass]) -> Option<LikelyGuild> {
        let mut guilds: BTreeMap<&GuildId, f32> = BTreeMap::new();
        for (class, guild) in classes.iter().filter_map(|class| Some((class, self.guilds.get(&class.id)?))) {
            *guilds.entry(guild).or_default() += class.probability;
        }
        let (id, probability) = guilds.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(LikelyGuild { id: id.clone(), probability: probability.min(1.0) })
    }
}
