//! The calibration of some symptom against none.

use mango_inference::SymptomCalibration;

use super::confidence::Answer;
use crate::head::calibrate::least;
use crate::photos::sources::Outputs;

/// Of the answers called certain at least this share is right, for either answer, on known and on unseen sources. Leaves
/// with and without a symptom have equal weight: most photos show one.
const CERTAIN_PRECISION: f64 = 0.95;

/// Photos of leaves that are known to have a symptom or none.
struct Case {
    /// Logits of the leaf classes, each with whether it means no symptom.
    logits: Vec<(f32, bool)>,
    ill: bool,
}

/// Fits the temperature by the least loss and the threshold to the precision on every set; nothing where the photos do
/// not show both.
pub(super) fn fit(outputs: &Outputs, sets: &[&[Answer]]) -> Option<SymptomCalibration> {
    let sets: Vec<Vec<Case>> = sets.iter().map(|answers| cases(outputs, answers)).collect();
    let count = |ill: bool| sets.iter().flatten().filter(|case| case.ill == ill).count();
    if count(true) == 0 || count(false) == 0 {
        return None;
    }
    let loss = |temperature: f32| -> f64 {
        let of_set = |cases: &Vec<Case>| {
            let losses = cases.iter().map(|case| -f64::from(right(case, temperature).max(1e-12)).ln());
            losses.sum::<f64>() / cases.len().max(1) as f64
        };
        sets.iter().map(of_set).sum()
    };
    let temperature = least([-(20f64.ln()), 20f64.ln()], |log| loss(log.exp() as f32)).exp() as f32;
    let mut candidates: Vec<f32> = (50..=100).map(|percent| percent as f32 / 100.0).collect();
    candidates.retain(|candidate| sets.iter().all(|cases| is_precise(cases, temperature, *candidate)));
    Some(SymptomCalibration { temperature, certain: candidates.first().copied().unwrap_or(1.0) })
}

/// Whether both answers keep the precision on a set from that probability on. A set with one kind of leaf says nothing.
fn is_precise(cases: &[Case], temperature: f32, certain: f32) -> bool {
    let share = |ill: bool, called: fn(f32, f32) -> bool| -> f64 {
        let of_kind: Vec<f32> =
            cases.iter().filter(|case| case.ill == ill).map(|case| right(case, temperature)).collect();
        of_kind.iter().filter(|right| called(**right, certain)).count() as f64 / of_kind.len().max(1) as f64
    };
    let rightly = |right: f32, certain: f32| right >= certain;
    let wrongly = |right: f32, certain: f32| 1.0 - right >= certain;
    let one_kind = cases.iter().all(|case| case.ill) || cases.iter().all(|case| !case.ill);
    let precise = |ill: bool| {
        let (found, mistaken) = (share(ill, rightly), share(!ill, wrongly));
        found >= CERTAIN_PRECISION * (found + mistaken)
    };
    one_kind || precise(true) && precise(false)
}

/// The probability of what is true of the leaf.
fn right(case: &Case, temperature: f32) -> f32 {
    let calibration = SymptomCalibration { temperature, certain: 1.0 };
    let symptom = calibration.symptom(case.logits.iter().copied()).map_or(0.5, |symptom| symptom.probability);
    if case.ill { symptom } else { 1.0 - symptom }
}

fn cases(outputs: &Outputs, answers: &[Answer]) -> Vec<Case> {
    let of_leaf: Vec<(usize, bool)> = outputs.leaf_classes().collect();
    let case = |answer: &Answer| {
        let allowed = |healthy: bool| of_leaf.iter().any(|(index, is)| *is == healthy && answer.target[*index]);
        let (well, ill) = (allowed(true), allowed(false));
        let logits = of_leaf.iter().map(|(index, healthy)| (answer.logits[*index], *healthy)).collect();
        (well != ill).then_some(Case { logits, ill })
    };
    answers.iter().filter_map(case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::Part;

    fn answer(healthy: f32, ill: f32, is_ill: bool) -> Answer {
        Answer {
            logits: vec![ill, healthy],
            others: Vec::new(),
            out_of_domain: None,
            target: vec![is_ill, !is_ill],
            group: String::new(),
            known: true,
        }
    }

    #[test]
    fn overconfident_logits_are_tempered_and_doubtful_ones_not_certain() {
        let class = |id: &str| (id.to_owned().try_into().unwrap(), Part::Leaf);
        let outputs = Outputs::new(vec![class("anthracnose"), class("healthy")], vec![]);
        // Strong logits are right, weak ones are right in half of the cases.
        let mut answers: Vec<Answer> = (0..50).map(|_| answer(0.0, 8.0, true)).collect();
        answers.extend((0..50).map(|i| answer(0.0, 2.0, i % 2 == 0)));
        let calibration = fit(&outputs, &[&answers]).unwrap();
        assert!(calibration.temperature > 1.0, "{calibration:?}");
        let certain = |ill: f32| calibration.symptom([(ill, false), (0.0, true)].into_iter()).unwrap().certain;
        assert!(certain(8.0) && !certain(2.0), "{calibration:?}");
    }

    #[test]
    fn few_leaves_without_a_symptom_weigh_as_much_as_many_with_one() {
        let class = |id: &str| (id.to_owned().try_into().unwrap(), Part::Leaf);
        let outputs = Outputs::new(vec![class("anthracnose"), class("healthy")], vec![]);
        // A fifth of the healthy leaves look ill at the logit 3, none at 6; of all answers at 3 only one in 45 is wrong.
        let mut answers: Vec<Answer> = (0..430).map(|_| answer(0.0, 3.0, true)).collect();
        answers.extend((0..10).map(|_| answer(0.0, 3.0, false)));
        answers.extend((0..40).map(|_| answer(6.0, 0.0, false)));
        answers.extend((0..100).map(|_| answer(0.0, 6.0, true)));
        let calibration = fit(&outputs, &[&answers]).unwrap();
        let certain = |ill: f32| calibration.symptom([(ill, false), (0.0, true)].into_iter()).unwrap().certain;
        assert!(certain(6.0) && !certain(3.0), "{calibration:?}");
    }

    #[test]
    fn without_both_kinds_there_is_nothing_to_fit() {
        let class = |id: &str| (id.to_owned().try_into().unwrap(), Part::Leaf);
        let outputs = Outputs::new(vec![class("anthracnose"), class("healthy")], vec![]);
        assert_eq!(fit(&outputs, &[&[answer(0.0, 1.0, true)]]), None);
    }
}
