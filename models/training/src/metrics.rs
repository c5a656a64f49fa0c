//! How good predictions are.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// One judged photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Index of the class it shows.
    pub truth: usize,
    /// Index of the class that the model ranks first.
    pub predicted: usize,
    /// The probability that the model gives it.
    pub probability: f32,
    /// The leaf it shows.
    pub group: String,
}

/// Counts of truth (rows) against prediction (columns).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// `counts[truth][predicted]`.
    pub counts: Vec<Vec<usize>>,
}

/// Precision, recall and F1 of one class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassFigures {
    /// Of the photos called so, the share that is.
    pub precision: f64,
    /// Of the photos that are, the share called so.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Photos that are.
    pub support: usize,
}

impl Confusion {
    /// Counts judged photos.
    pub fn new<'a>(classes: usize, judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        Self::count(classes, judged.into_iter().map(|photo| (photo.truth, photo.predicted)))
    }

    /// Counts pairs of truth and prediction.
    pub fn count(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![vec![0; classes]; classes];
        for (truth, predicted) in pairs {
            counts[truth][predicted] += 1;
        }
        Self { counts }
    }

    /// Share of photos whose class came first.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.counts.len()).map(|class| self.counts[class][class]).sum();
        ratio(right, self.counts.iter().flatten().sum())
    }

    /// Figures of one class.
    #[must_use]
    pub fn class(&self, class: usize) -> ClassFigures {
        let right = self.counts[class][class];
        let support = self.counts[class].iter().sum();
        let called: usize = self.counts.iter().map(|row| row[class]).sum();
        ClassFigures {
            precision: ratio(right, called),
            recall: ratio(right, support),
            f1: ratio(2 * right, called + support),
            support,
        }
    }

    /// Mean of the F1 of every class that is shown or called.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        let seen: Vec<f64> = (0..self.counts.len())
            .filter(|class| self.counts[*class].iter().any(|n| *n > 0) || self.counts.iter().any(|row| row[*class] > 0))
            .map(|class| self.class(class).f1)
            .collect();
        seen.iter().sum::<f64>() / seen.len().max(1) as f64
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Expected calibration error of the first class's probability, 15 bins of equal width (Guo et al. 2017).
#[must_use]
pub fn expected_calibration_error(judged: &[Judged]) -> f64 {
    const BINS: usize = 15;
    let mut bins = [(0usize, 0f64, 0f64); BINS];
    for photo in judged {
        let bin = ((photo.probability * BINS as f32) as usize).min(BINS - 1);
        bins[bin].0 += 1;
        bins[bin].1 += f64::from(photo.probability);
        bins[bin].2 += f64::from(u8::from(photo.truth == photo.predicted));
    }
    bins.iter().map(|(_, sure, right)| (sure - right).abs()).sum::<f64>() / judged.len().max(1) as f64
}

/// A group's photos and how many of them came out right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigures {
    /// The group.
    pub group: String,
    /// Index of the class it shows.
    pub class: usize,
    /// Its photos.
    pub photos: usize,
    /// Those whose class came first.
    pub right: usize,
}

/// Figures of every group, in order of their names.
#[must_use]
pub fn by_group(judged: &[Judged]) -> Vec<GroupFigures> {
    let mut groups = std::collections::BTreeMap::new();
    for photo in judged {
        let figures = groups.entry((&photo.group, photo.truth)).or_insert_with(|| GroupFigures {
            group: photo.group.clone(),
            class: photo.truth,
            photos: 0,
            right: 0,
        });
        figures.photos += 1;
        figures.right += usize::from(photo.truth == photo.predicted);
    }
    groups.into_values().collect()
}

/// The 95 % interval of macro-F1: 1,000 bootstraps that draw whole groups, within each class, with replacement.
///
/// Photos of one leaf are not independent, so leaves are drawn, not photos.
#[must_use]
pub fn macro_f1_interval(classes: usize, judged: &[Judged]) -> [f64; 2] {
    const DRAWS: usize = 1000;
    let mut strata: Vec<Vec<Vec<&Judged>>> = vec![Vec::new(); classes];
    for group in by_group(judged) {
        let photos = judged.iter().filter(|photo| photo.group == group.group && photo.truth == group.class);
        strata[group.class].push(photos.collect());
    }
    let mut rng = StdRng::seed_from_u64(1);
    let mut scores: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut drawn = Vec::new();
            for groups in strata.iter().filter(|groups| !groups.is_empty()) {
                for _ in 0..groups.len() {
                    drawn.extend(groups[rng.random_range(0..groups.len())].iter().copied());
                }
            }
            Confusion::new(classes, drawn).macro_f1()
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    [scores[DRAWS / 40], scores[DRAWS - 1 - DRAWS / 40]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(truth: usize, predicted: usize, probability: f32, group: &str) -> Judged {
        Judged { truth, predicted, probability, group: group.to_owned() }
    }

    #[test]
    fn figures_of_a_small_table_worked_by_hand() {
        let photos = [judged(0, 0, 0.9, "a"), judged(0, 0, 0.9, "a"), judged(0, 1, 0.6, "b"), judged(1, 1, 0.8, "c")];
        let confusion = Confusion::new(2, &photos);
        assert_eq!(confusion.counts, [[2, 1], [0, 1]]);
        assert_eq!(confusion.accuracy(), 0.75);
        let first = confusion.class(0);
        assert_eq!((first.precision, first.recall, first.support), (1.0, 2.0 / 3.0, 3));
        assert!((confusion.macro_f1() - (0.8 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        let groups = by_group(&photos);
        assert_eq!((groups[0].photos, groups[0].right), (2, 2));
        assert_eq!((groups[1].photos, groups[1].right), (1, 0));
    }

    #[test]
    fn calibration_error_is_the_gap_between_sure_and_right() {
        let photos: Vec<Judged> = (0..10).map(|i| judged(0, usize::from(i >= 5), 0.75, "a")).collect();
        assert!((expected_calibration_error(&photos) - 0.25).abs() < 1e-6);
    }

    #[test]
    fn the_interval_holds_the_score_and_is_a_point_when_all_is_right() {
        let right: Vec<Judged> = (0..20).map(|i| judged(i % 2, i % 2, 0.9, &format!("g{i}"))).collect();
        assert_eq!(macro_f1_interval(2, &right), [1.0, 1.0]);
        let mixed: Vec<Judged> = (0..40).map(|i| judged(i % 2, i / 3 % 2, 0.9, &format!("g{i}"))).collect();
        let score = Confusion::new(2, &mixed).macro_f1();
        let [low, high] = macro_f1_interval(2, &mixed);
        assert!(low < score && score < high, "{low} {score} {high}");
    }
}
