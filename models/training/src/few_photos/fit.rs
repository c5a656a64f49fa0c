//! Fits a model's few-shot calibration on pests that were held out of the gallery.

use anyhow::{Result, ensure};
use mango_inference::FewPhotosCalibration;

use super::named::Named;
use crate::head::calibrate::{self, Answer};
use crate::head::domain::quantile;
use crate::measure::metrics::highest;

/// Target share of held-out pests that count as similar to the gallery's photos. At 0.95 instead, 6
/// (leaf-lite0) to 10 (leaf-mini) more of 100 photos of other plants count as similar too.
const KEEP: f64 = 0.9;

/// Fits temperature and confident threshold to photos whose first class is a few-shot class, and the limit of
/// strangeness to all photos. The first `trained` logits are of trained classes.
pub(super) fn fit(named: &[Named], trained: usize) -> Result<FewPhotosCalibration> {
    let answers: Vec<Answer> = named
        .iter()
        .filter(|photo| highest(&photo.joined.logits) >= trained)
        .filter_map(|photo| {
            Some(Answer { logits: photo.joined.logits.clone(), out_of_domain: None, label: photo.class? })
        })
        .collect();
    ensure!(!answers.is_empty(), "no photo was classified as a class of the gallery: nothing to calibrate on");
    let calibration = calibrate::fit(&answers, &[]);
    let strangeness: Vec<f32> = named.iter().map(Named::strangeness).collect();
    let rounded = |value: f32| (value * 1000.0).round() / 1000.0;
    Ok(FewPhotosCalibration {
        temperature: rounded(calibration.temperature).max(0.001),
        confident: rounded(calibration.confident),
        strange: rounded(quantile(&strangeness, KEEP)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::{ClassId, Joined, Unfamiliarity, Verdict};

    fn named(logits: [f32; 3], class: usize, novelty: f32) -> Named {
        Named {
            truth: class,
            group: String::new(),
            path: String::new(),
            rank: 0,
            called: ClassId::try_from("pest".to_owned()).unwrap(),
            probability: 0.5,
            guild_right: true,
            guild: None,
            verdict: Verdict::Unsure,
            unfamiliarity: Unfamiliarity { not_mango: Some(0.5), out_of_domain: None },
            joined: Joined { logits: logits.to_vec(), novelty },
            class: Some(class),
        }
    }

    #[test]
    fn the_temperature_matches_the_accuracy() {
        let photos: Vec<Named> = (0..100)
            .map(|i| named([-90.0, 4.0, 0.0], if i % 10 < 8 { 1 } else { 2 }, 0.5 + i as f32 / 1000.0))
            .collect();
        let fitted = fit(&photos, 1).unwrap();
        // Right in 8 of 10: odds of 4 at a lead of 4 logits.
        assert!((fitted.temperature - 4.0 / 4f32.ln()).abs() < 0.01, "{fitted:?}");
        assert!((fitted.strange - 0.589).abs() < 1e-6, "{fitted:?}");
    }

    #[test]
    fn photos_classified_as_trained_classes_are_ignored() {
        assert!(fit(&[named([9.0, 0.0, 0.0], 1, 0.5)], 1).is_err());
    }
}
