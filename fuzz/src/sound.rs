//! Invariants of predictions and errors.

use std::error::Error;

use mango_inference::Prediction;

/// Largest deviation of the sum of probabilities from 1.
const TOLERANCE: f32 = 1e-3;

/// An error has a message of one line without control characters. Returns false, for rejected bytes.
pub(crate) fn refused(error: &dyn Error) -> bool {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "an error has no message: {error:?}");
    assert!(!text.contains(char::is_control), "an error has control characters: {text:?}");
    false
}

/// Probabilities are a distribution in descending order, and the heat map is valid.
pub(crate) fn prediction(prediction: &Prediction) {
    let Prediction { classes, out_of_domain, guild, heatmap, .. } = prediction;
    let probabilities: Vec<f32> = classes.iter().map(|class| class.probability).collect();
    assert!(probabilities.iter().all(|value| (0.0..=1.0).contains(value)), "{prediction:?}");
    assert!((probabilities.iter().sum::<f32>() - 1.0).abs() <= TOLERANCE, "{prediction:?}");
    assert!(probabilities.is_sorted_by(|a, b| a >= b), "{prediction:?}");
    assert!(out_of_domain.is_none_or(|score| score.is_finite() && score > 0.0), "{prediction:?}");
    assert!(guild.as_ref().is_none_or(|guild| (0.0..=1.0).contains(&guild.probability)), "{prediction:?}");
    if let Some(map) = heatmap {
        assert_eq!(map.values.len(), map.width * map.height, "{map:?}");
        assert!(map.values.iter().all(|value| (0.0..=1.0).contains(value)), "{map:?}");
    }
    let again: Prediction = serde_json::from_str(&prediction.to_json()).expect("a prediction's own JSON");
    assert_eq!(again.classes.len(), classes.len());
}
