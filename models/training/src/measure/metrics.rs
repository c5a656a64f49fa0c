//! How good predictions are.

use mango_inference::Verdict;

/// One judged photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Index of the class it shows.
    pub truth: usize,
    /// Index of the class that the model ranks first.
    pub predicted: usize,
    /// The probability that the model gives it.
    pub probability: f32,
    /// How the model says that is to be taken.
    pub verdict: Verdict,
    /// The leaf it shows.
    pub group: String,
}

impl Judged {
    /// Whether the class that came first is the one it shows.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.truth == self.predicted
    }
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

    /// Mean of the F1 of every class that is shown. A model may know classes that a set does not show.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        self.mean_of_shown(|class| class.f1)
    }

    /// Mean of the recall of every class that is shown.
    #[must_use]
    pub fn mean_recall(&self) -> f64 {
        self.mean_of_shown(|class| class.recall)
    }

    fn mean_of_shown(&self, figure: impl Fn(ClassFigures) -> f64) -> f64 {
        let shown = (0..self.counts.len()).map(|class| self.class(class)).filter(|class| class.support > 0);
        let (sum, count) = shown.fold((0.0, 0usize), |(sum, count), class| (sum + figure(class), count + 1));
        sum / count.max(1) as f64
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Photos that were given about the same probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// How many.
    pub photos: usize,
    /// Sum of the probabilities that the model gave its first class.
    pub sure: f64,
    /// How many of the first classes were right.
    pub right: usize,
}

/// Photos by the probability of the first class, 15 bins of equal width.
pub fn reliability<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> [ReliabilityBin; 15] {
    let mut bins = [ReliabilityBin::default(); 15];
    for photo in judged {
        let bin = &mut bins[((photo.probability * 15.0) as usize).min(14)];
        bin.photos += 1;
        bin.sure += f64::from(photo.probability);
        bin.right += usize::from(photo.is_right());
    }
    bins
}

/// Expected calibration error of the first class's probability over the bins of [`reliability`] (Guo et al. 2017).
pub fn expected_calibration_error<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> f64 {
    let bins = reliability(judged);
    let gaps: f64 = bins.iter().map(|bin| (bin.sure - bin.right as f64).abs()).sum();
    gaps / bins.iter().map(|bin| bin.photos).sum::<usize>().max(1) as f64
}

/// Share of the items that are so; 0 of none.
pub fn share<T>(items: impl IntoIterator<Item = T>, is_so: impl Fn(T) -> bool) -> f64 {
    let (part, whole) =
        items.into_iter().fold((0, 0), |(part, whole), item| (part + usize::from(is_so(item)), whole + 1));
    ratio(part, whole)
}

/// Area under the ROC curve: how often a photo from outside scores above one from inside, ties counting half
/// (Mann and Whitney's U over the number of pairs). `scores` are `(score, from outside)`; 0.5 if a side is empty.
#[must_use]
pub fn auroc(scores: &[(f32, bool)]) -> f64 {
    let mut ranked = scores.to_vec();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut inside_below, mut outside, mut wins) = (0usize, 0usize, 0.0);
    for equals in ranked.chunk_by(|a, b| a.0 == b.0) {
        let out = equals.iter().filter(|(_, outside)| *outside).count();
        let inside = equals.len() - out;
        wins += out as f64 * (inside_below as f64 + inside as f64 / 2.0);
        inside_below += inside;
        outside += out;
    }
    let pairs = inside_below * outside;
    if pairs == 0 { 0.5 } else { wins / pairs as f64 }
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
        figures.right += usize::from(photo.is_right());
    }
    groups.into_values().collect()
}

/// Index of the highest value, the first of equals; 0 if there are none.
#[must_use]
pub fn highest(values: &[f32]) -> usize {
    let higher = |a: usize, b: usize| if values[b] > values[a] { b } else { a };
    (0..values.len()).reduce(higher).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(truth: usize, predicted: usize, probability: f32, group: &str) -> Judged {
        Judged { truth, predicted, probability, verdict: Verdict::Unsure, group: group.to_owned() }
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
    fn auroc_of_small_rankings_worked_by_hand() {
        assert_eq!(auroc(&[(0.1, false), (0.2, false), (0.3, true)]), 1.0);
        assert_eq!(auroc(&[(0.3, false), (0.1, true)]), 0.0);
        assert_eq!(auroc(&[(0.5, false), (0.5, true)]), 0.5);
        // Pairs: 0.2 beats 0.1 and loses to 0.4; 0.4 beats 0.1 and ties with 0.4.
        assert_eq!(auroc(&[(0.1, false), (0.4, false), (0.2, true), (0.4, true)]), 2.5 / 4.0);
    }

    #[test]
    fn bins_hold_every_photo_once_the_surest_too() {
        let photos: Vec<Judged> = (0..=20).map(|i| judged(0, 0, i as f32 / 20.0, "a")).collect();
        let bins = reliability(&photos);
        assert_eq!(bins.iter().map(|bin| bin.photos).sum::<usize>(), 21);
        assert_eq!(bins[14].photos, 2);
    }
}
