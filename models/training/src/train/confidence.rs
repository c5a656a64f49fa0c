//! Temperature, thresholds and limits: when an answer is to be relied on.
//!
//! A model is surest of itself, and most often wrong, on photos of a source that it was not trained on. So what the
//! verdicts depend on is fitted on such photos too: each held-out source is judged by a model that was trained
//! without it.

use std::collections::BTreeMap;

use mango_inference::{Calibration, Domain, Others, SymptomCalibration, Verdict};

use super::symptom;
use crate::head::calibrate::{self, least};
use crate::head::domain::quantile;
use crate::measure::metrics::highest;
use crate::photos::sources::{Outputs, Target};

/// Of an unseen source's photos at most this share may be confident and wrong.
const MOST_CONFIDENTLY_WRONG: f64 = 0.03;

/// Of the answers called confident at least this share is right, every source, known or unseen, counting alike.
const CONFIDENT_PRECISION: f64 = 0.95;

/// No answer less probable than this is confident.
const CONFIDENT_FLOOR: f32 = 0.6;

/// Share of the real mango photos of a source that may be rejected by each of the two rules. For the distance the median
/// source keeps it, known or unseen: a fold that has lost most of its leaves rejects far more than the model that has
/// seen them all.
const MOST_REFUSED: f64 = 0.025;

/// The range of the limit of the rejection outputs. Their limit is fitted to known sources alone: a fold's model gives
/// the leaves of its held-out source far higher probabilities than the shipped model gives any orchard's leaves. Known
/// sources would allow a limit below 0.2, other orchards' leaves might not; at 0.5 a photo is as likely to show mango.
const LIMIT: [f32; 2] = [0.2, 0.5];

/// What a model makes of a photo of a known label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// Logits of the classes.
    pub(crate) logits: Vec<f32>,
    /// Logits of the rejection outputs.
    pub(crate) others: Vec<f32>,
    /// The out-of-domain score; nothing for a model without one.
    pub(crate) out_of_domain: Option<f32>,
    /// The outputs that the label allows.
    pub(crate) target: Target,
    /// The photo's group.
    pub(crate) group: String,
    /// Whether the model was trained on photos of that label.
    pub(crate) known: bool,
}

/// Answers on the validation split of the sources that a model was trained on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The photos as they are.
    pub(crate) plain: Vec<Answer>,
    /// The photos as other cameras would show them.
    pub(crate) varied: Vec<Answer>,
    /// The median distance of the mango photos from the subspace of known ones.
    pub(crate) typical: Option<f32>,
    /// Share of the varied mango photos that stay within the domain's limit.
    pub(crate) keep: Option<f64>,
}

/// What decides how an answer is to be taken.
#[derive(Clone, Debug)]
pub(crate) struct Confidence {
    pub(crate) calibration: Calibration,
    pub(crate) domain: Option<Domain>,
    pub(crate) symptom: Option<SymptomCalibration>,
    /// The probability of the rejection outputs above which a photo is rejected.
    pub(crate) limit: f32,
    /// Figures for the manifest.
    pub(crate) measured: BTreeMap<String, f64>,
}

impl Answer {
    /// The class, where the label leaves one alone.
    pub(crate) fn class(&self) -> Option<usize> {
        let mut allowed = self.target.iter().enumerate().filter(|(_, allowed)| **allowed).map(|(index, _)| index);
        let first = allowed.next().filter(|index| *index < self.logits.len())?;
        allowed.next().is_none().then_some(first)
    }

    /// Whether the photo shows mango.
    pub(crate) fn is_mango(&self) -> bool {
        self.target.iter().take(self.logits.len()).any(|allowed| *allowed)
    }

    /// Whether the first class is one that the label allows.
    pub(crate) fn is_right(&self) -> bool {
        self.target.get(highest(&self.logits)).copied().unwrap_or(false)
    }

    /// The probability of the rejection outputs.
    pub(crate) fn not_mango(&self) -> f32 {
        Others::probability(&self.logits, &self.others)
    }
}

impl Confidence {
    /// Fits everything to validation of the known sources and to sources that were not trained on.
    pub(crate) fn fit(outputs: &Outputs, known: &Known, unseen: &[Vec<Answer>]) -> Self {
        let named = |answers: &[Answer]| -> Vec<Answer> {
            answers.iter().filter(|answer| answer.known && answer.class().is_some()).cloned().collect()
        };
        let plain = named(&known.plain);
        let varied = named(&known.varied);
        let elsewhere: Vec<Vec<Answer>> = unseen.iter().map(|answers| named(answers)).collect();
        let elsewhere_all = elsewhere.concat();
        let calibration = if elsewhere_all.is_empty() {
            // Varied photos stand in for other cameras where no other source is at hand.
            calibrate::fit(&labelled(&plain), &labelled(&varied))
        } else {
            let (temperature, slope) = temperature(&plain, &elsewhere_all);
            let tempered = Calibration { temperature, slope, confident: 1.0 };
            let mut sets: Vec<&[Answer]> = vec![&plain];
            sets.extend(elsewhere.iter().map(Vec::as_slice));
            Calibration { confident: threshold(&tempered, &sets), ..tempered }
        };
        let mango = |answers: &[Answer], read: fn(&Answer) -> Option<f32>| -> Vec<f32> {
            answers.iter().filter(|answer| answer.is_mango()).filter_map(read).collect()
        };
        let all: Vec<&[Answer]> =
            std::iter::once(known.plain.as_slice()).chain(unseen.iter().map(Vec::as_slice)).collect();
        let not_mango = mango(&known.plain, |answer| Some(answer.not_mango()));
        let rejection_limit = limit(&[not_mango], MOST_REFUSED).clamp(LIMIT[0], LIMIT[1]);
        let domain = known.typical.zip(known.keep).map(|(typical, keep)| {
            let score = |answer: &Answer| answer.out_of_domain;
            let varied = mango(&known.varied, score);
            let varied = if varied.is_empty() { 1.0 } else { quantile(&varied, keep) };
            let scores: Vec<Vec<f32>> = all.iter().map(|answers| mango(answers, score)).collect();
            let unseen = if unseen.is_empty() { 0.0 } else { limit(&scores, MOST_REFUSED) };
            Domain { typical, limit: varied.max(unseen) }
        });
        let measured = figures(&calibration, &plain, &varied, &elsewhere);
        let symptom = symptom::fit(outputs, &all);
        Self { calibration, domain, symptom, limit: rejection_limit, measured }
    }

    /// The manifest's entry for so many rejection outputs.
    pub(crate) fn others(&self, outputs: usize) -> Option<Others> {
        (outputs > 0).then_some(Others { outputs, limit: self.limit })
    }

    /// The probability of the first class, and the verdict that users get.
    pub(crate) fn verdict(&self, answer: &Answer) -> (f32, Verdict) {
        let probability = best_probability(&self.calibration, answer);
        let verdict = if self.refuses(answer) { Verdict::NotMangoLeaf } else { self.calibration.verdict(probability) };
        (probability, verdict)
    }

    /// Whether a photo is rejected as `not_mango_leaf`.
    fn refuses(&self, answer: &Answer) -> bool {
        let far = self.domain.zip(answer.out_of_domain).is_some_and(|(domain, score)| score > domain.limit);
        far || !answer.others.is_empty() && answer.not_mango() > self.limit
    }
}

/// The answers of which the class is known, as [`calibrate::fit`] takes them.
fn labelled(answers: &[Answer]) -> Vec<calibrate::Answer> {
    let labelled = |answer: &Answer| {
        let (logits, out_of_domain) = (answer.logits.clone(), answer.out_of_domain);
        Some(calibrate::Answer { logits, out_of_domain, label: answer.class()? })
    };
    answers.iter().filter_map(labelled).collect()
}

/// Temperature and slope of least loss, known and doubtful photos counting alike.
fn temperature(plain: &[Answer], doubtful: &[Answer]) -> (f32, f32) {
    let at = |log: f64, slope: f64| Calibration { temperature: log.exp() as f32, slope: slope as f32, confident: 1.0 };
    let scored = plain.iter().chain(doubtful).all(|answer| answer.out_of_domain.is_some());
    let loss = |calibration: &Calibration| {
        let doubtful = if doubtful.is_empty() { 0.0 } else { negative_log_likelihood(calibration, doubtful) };
        negative_log_likelihood(calibration, plain) + doubtful
    };
    let best = |slope: f64| least([-(20f64.ln()), 20f64.ln()], |log| loss(&at(log, slope)));
    let slope =
        if scored && !doubtful.is_empty() { least([0.0, 4.0], |slope| loss(&at(best(slope), slope))) } else { 0.0 };
    let calibration = at(best(slope), slope);
    (calibration.temperature, calibration.slope)
}

/// Mean negative log-likelihood of the photos' classes.
pub(crate) fn negative_log_likelihood(calibration: &Calibration, answers: &[Answer]) -> f64 {
    let loss = |answer: &Answer| {
        let probabilities = calibration.probabilities(&answer.logits, answer.out_of_domain);
        let right: f32 =
            probabilities.iter().zip(&answer.target).filter(|(_, allowed)| **allowed).map(|(p, _)| p).sum();
        -f64::from(right.max(1e-30)).ln()
    };
    answers.iter().map(loss).sum::<f64>() / answers.len().max(1) as f64
}

/// Mean loss at the best temperature, and the share of first classes that are right.
pub(super) fn loss_and_accuracy(answers: &[Answer]) -> (f64, f64) {
    let mango: Vec<Answer> = answers.iter().filter(|answer| answer.is_mango()).cloned().collect();
    let (temperature, _) = temperature(&mango, &[]);
    let calibration = Calibration { temperature, slope: 0.0, confident: 1.0 };
    let right = mango.iter().filter(|answer| answer.is_right()).count();
    (negative_log_likelihood(&calibration, &mango), right as f64 / mango.len().max(1) as f64)
}

/// The least value above which the median set has at most the share `most` of its values; empty sets do not count.
fn limit(sets: &[Vec<f32>], most: f64) -> f32 {
    let mut limits: Vec<f32> =
        sets.iter().filter(|values| !values.is_empty()).map(|values| quantile(values, 1.0 - most)).collect();
    limits.sort_by(f32::total_cmp);
    limits.get(limits.len() / 2).copied().unwrap_or(0.0)
}

/// The least probability from which on every set keeps its bound on confident and wrong answers, and the confident answers
/// of all sets together, weighing alike, are right as often as they have to be.
fn threshold(calibration: &Calibration, sets: &[&[Answer]]) -> f32 {
    let ranked: Vec<Vec<(f32, bool)>> = sets
        .iter()
        .filter(|answers| !answers.is_empty())
        .map(|answers| {
            let of = |answer: &Answer| (best_probability(calibration, answer), answer.is_right());
            answers.iter().map(of).collect()
        })
        .collect();
    let mut candidates: Vec<f32> = ranked.iter().flatten().map(|(probability, _)| *probability).collect();
    candidates.push(CONFIDENT_FLOOR);
    candidates.retain(|candidate| *candidate >= CONFIDENT_FLOOR);
    candidates.sort_by(f32::total_cmp);
    candidates.dedup();
    let holds = |threshold: f32| {
        let (mut all, mut right) = (0.0, 0.0);
        for answers in &ranked {
            let confident = answers.iter().filter(|(probability, _)| *probability >= threshold);
            let (of_set, right_of_set) =
                confident.fold((0usize, 0usize), |(all, right), (_, is)| (all + 1, right + usize::from(*is)));
            let count = answers.len() as f64;
            if (of_set - right_of_set) as f64 > MOST_CONFIDENTLY_WRONG * count {
                return false;
            }
            all += of_set as f64 / count;
            right += right_of_set as f64 / count;
        }
        right >= CONFIDENT_PRECISION * all
    };
    candidates.into_iter().find(|candidate| holds(*candidate)).unwrap_or(1.0)
}

/// Probability of the first class.
pub(crate) fn best_probability(calibration: &Calibration, answer: &Answer) -> f32 {
    calibration.probabilities(&answer.logits, answer.out_of_domain).into_iter().fold(0.0, f32::max)
}

/// Expected calibration error of the first class's probability in 15 bins.
pub(crate) fn calibration_error(calibration: &Calibration, answers: &[Answer]) -> f64 {
    let mut bins = [(0.0f64, 0.0f64); 15];
    for answer in answers {
        let probability = best_probability(calibration, answer);
        let bin = &mut bins[((probability * 15.0) as usize).min(14)];
        bin.0 += f64::from(probability);
        bin.1 += f64::from(u8::from(answer.is_right()));
    }
    bins.iter().map(|(said, right)| (said - right).abs()).sum::<f64>() / answers.len().max(1) as f64
}

fn figures(
    calibration: &Calibration,
    plain: &[Answer],
    varied: &[Answer],
    unseen: &[Vec<Answer>],
) -> BTreeMap<String, f64> {
    let accuracy = |answers: &[Answer]| {
        answers.iter().filter(|answer| answer.is_right()).count() as f64 / answers.len().max(1) as f64
    };
    let mut figures = BTreeMap::from([
        ("val.accuracy".to_owned(), accuracy(plain)),
        ("val.nll".to_owned(), negative_log_likelihood(calibration, plain)),
        ("val.ece".to_owned(), calibration_error(calibration, plain)),
        ("val.varied_accuracy".to_owned(), accuracy(varied)),
        ("val.varied_ece".to_owned(), calibration_error(calibration, varied)),
    ]);
    let unseen = unseen.concat();
    if !unseen.is_empty() {
        figures.insert("unseen.accuracy".to_owned(), accuracy(&unseen));
        figures.insert("unseen.ece".to_owned(), calibration_error(calibration, &unseen));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_set_keeps_its_share() {
        let even: Vec<f32> = (1..=100).map(|value| value as f32).collect();
        let high: Vec<f32> = even.iter().map(|value| value * 10.0).collect();
        let sets = [vec![0.0; 10], even.clone(), high, Vec::new()];
        assert_eq!(limit(&sets, 0.05), 95.0);
        assert_eq!(limit(&[], 0.05), 0.0);
    }

    fn answer(logit: f32, right: bool) -> Answer {
        Answer {
            logits: vec![logit, 0.0],
            others: Vec::new(),
            out_of_domain: None,
            target: vec![right, !right],
            group: String::new(),
            known: true,
        }
    }

    #[test]
    fn no_set_has_more_than_its_share_of_confident_and_wrong_answers() {
        let calibration = Calibration { temperature: 1.0, slope: 0.0, confident: 1.0 };
        let known: Vec<Answer> = (0..100).map(|_| answer(2.0, true)).collect();
        // At the logit 2 a tenth of the unseen source is confident and wrong; at 4 all are right.
        let mut unseen: Vec<Answer> = (0..100).map(|i| answer(2.0, i % 10 != 0)).collect();
        assert_eq!(threshold(&calibration, &[&known, &unseen]), 1.0);
        unseen.extend((0..20).map(|_| answer(4.0, true)));
        let found = threshold(&calibration, &[&known, &unseen]);
        assert_eq!(found, best_probability(&calibration, &unseen[100]));
    }
}
