//! `evaluate-domain`: how well the model distinguishes mango leaves from other photos.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use mango_inference::Verdict;

use super::interval::{Drawn, Estimate, estimate};
use super::metrics::{auroc, share};
use super::model::{Answer, Model};
use super::text::written;
use crate::photos::dataset::{Dataset, OutOfDomain, Split};

/// One photo's score and verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The out-of-domain score.
    pub score: f32,
    /// The verdict.
    pub verdict: Verdict,
    /// The bootstrap's stratum: mango leaves by class, all other photos in one stratum.
    pub stratum: usize,
    /// The leaf; a photo without a leaf is a single group.
    pub group: String,
}

impl Drawn for Scored {
    fn unit(&self) -> (usize, &str) {
        (self.stratum, &self.group)
    }
}

/// The stratum of photos that show no mango leaf.
pub const OUTSIDE: usize = usize::MAX;

/// A bundle's scores on mango leaves and on other photos.
#[derive(Clone, Debug)]
pub struct DomainReport {
    /// The model, name and version.
    pub model: String,
    /// The name of the score.
    pub score_name: String,
    /// MangoLeafBD's test split.
    pub test: Vec<Scored>,
    /// Mango leaves of the other orchard.
    pub orchard: Vec<Scored>,
    /// Photos of ImageNet's objects.
    pub objects: Vec<Scored>,
    /// Leaves of guava trees.
    pub guava: Vec<Scored>,
}

/// Scores every photo of the four sets.
///
/// # Errors
/// A photo that cannot be decoded.
pub fn evaluate(model: &Model, data: &Path) -> Result<DomainReport> {
    let leaves = |dataset: Dataset, what| -> Result<Vec<Scored>> {
        let (judged, answers) = model.judge(&dataset, what)?;
        let scored = judged.into_iter().zip(&answers);
        Ok(scored.map(|(photo, answer)| scored_as(answer, photo.truth, photo.group)).collect())
    };
    let others = |set: OutOfDomain, what| -> Result<Vec<Scored>> {
        let answers = model.answer_files(&set.photos(data)?, what)?;
        Ok(answers.iter().enumerate().map(|(i, answer)| scored_as(answer, OUTSIDE, i.to_string())).collect())
    };
    Ok(DomainReport {
        model: model.name(),
        score_name: model.score_name().to_owned(),
        test: leaves(Dataset::mango_leaf_bd(data)?.split(Split::Test), "MangoLeafBD test")?,
        orchard: leaves(Dataset::other_orchard(data)?, "other orchard")?,
        objects: others(OutOfDomain::ImageNetObjects, "objects")?,
        guava: others(OutOfDomain::GuavaLeaves, "guava leaves")?,
    })
}

fn scored_as(answer: &Answer, stratum: usize, group: String) -> Scored {
    Scored { score: answer.out_of_domain, verdict: answer.verdict, stratum, group }
}

impl DomainReport {
    /// AUROC of the score for MangoLeafBD's test leaves against photos of objects.
    #[must_use]
    pub fn auroc_objects(&self) -> Estimate {
        auroc_between(&self.test, &self.objects)
    }

    /// AUROC of the score for MangoLeafBD's test leaves against guava leaves.
    #[must_use]
    pub fn auroc_guava(&self) -> Estimate {
        auroc_between(&self.test, &self.guava)
    }

    /// The four sets with their names; the first two are mango leaves.
    #[must_use]
    pub fn sets(&self) -> [(&'static str, &[Scored]); 4] {
        [
            ("mango leaves, MangoLeafBD test", &self.test),
            ("mango leaves, other orchard", &self.orchard),
            ("objects (ImageNet)", &self.objects),
            ("guava leaves", &self.guava),
        ]
    }

    /// The figures as a table.
    #[must_use]
    pub fn to_text(&self) -> String {
        written(|text| self.write(text))
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "{}: is it a mango leaf?", self.model)?;
        writeln!(text, "score: {}", self.score_name)?;
        writeln!(text, "AUROC against MangoLeafBD's test split (95 %, bootstrap over leaves and photos)")?;
        writeln!(text, "  objects            {}", self.auroc_objects())?;
        writeln!(text, "  guava leaves       {}", self.auroc_guava())?;
        writeln!(text, "{:32} {:>6}  {:24} called confident", "", "photos", "called not_mango_leaf")?;
        for (name, scored) in self.sets() {
            let share = |verdict| verdict_share(scored, verdict).to_string();
            let (not_leaf, confident) = (share(Verdict::NotMangoLeaf), share(Verdict::Confident));
            writeln!(text, "{name:32} {:>6}  {not_leaf:24} {confident}", scored.len())?;
        }
        Ok(())
    }
}

/// Share of photos with that verdict.
#[must_use]
pub fn verdict_share(scored: &[Scored], verdict: Verdict) -> Estimate {
    estimate(scored, |drawn| share(drawn, |photo| photo.verdict == verdict))
}

fn auroc_between(inside: &[Scored], outside: &[Scored]) -> Estimate {
    let both: Vec<Scored> = inside.iter().chain(outside).cloned().collect();
    estimate(&both, |drawn| {
        let scores: Vec<(f32, bool)> = drawn.iter().map(|photo| (photo.score, photo.stratum == OUTSIDE)).collect();
        auroc(&scores)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bootstrap_draws_leaves_inside_and_photos_outside_the_domain() {
        let scored = |stratum, group: usize, score| Scored {
            score,
            verdict: Verdict::Unsure,
            stratum,
            group: group.to_string(),
        };
        let inside: Vec<Scored> = (0..40).map(|i| scored(i % 2, i / 4, i as f32 / 40.0)).collect();
        let outside: Vec<Scored> = (0..40).map(|i| scored(OUTSIDE, i, 0.5 + i as f32 / 40.0)).collect();
        let Estimate { value, low, high } = auroc_between(&inside, &outside);
        assert!(low < value && value < high && low > 0.5, "{low} {value} {high}");
        let apart: Vec<Scored> = outside.iter().map(|photo| Scored { score: 2.0, ..photo.clone() }).collect();
        assert_eq!(auroc_between(&inside, &apart), Estimate { value: 1.0, low: 1.0, high: 1.0 });
    }
}
