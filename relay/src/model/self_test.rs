//! The self-test that the model must pass before the relay is ready.

use mango_inference::{Photo, PhotoError, PredictError, Predictor};

/// Largest deviation of the sum of probabilities from 1.
const TOLERANCE: f32 = 1e-3;

/// Classifies a photo and checks that the result is a probability distribution.
pub(crate) fn run(predictor: &Predictor, photo: &[u8]) -> Result<(), SelfTestFault> {
    let prediction = predictor.predict(&Photo::decode(photo)?)?;
    let sum: f32 = prediction.classes.iter().map(|class| class.probability).sum();
    let sound = prediction.classes.iter().all(|class| (0.0..=1.0).contains(&class.probability));
    // A NaN sum is not within the tolerance either.
    if sound && (sum - 1.0).abs() <= TOLERANCE { Ok(()) } else { Err(SelfTestFault::NoProbabilities { sum }) }
}

/// Why a model does not pass the self-test.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SelfTestFault {
    /// The photo could not be read.
    #[error("the photo of the self-test cannot be read")]
    Decode(#[from] PhotoError),
    /// The model failed.
    #[error("it does not answer")]
    Predict(#[from] PredictError),
    /// The outputs are not probabilities.
    #[error("its probabilities add up to {sum} instead of 1; its weights are damaged")]
    NoProbabilities {
        /// Their sum.
        sum: f32,
    },
}
