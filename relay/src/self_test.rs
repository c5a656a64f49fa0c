//! A photo that the model has to answer before the relay calls itself ready.

use mango_inference::{Photo, PhotoError, PredictError, Predictor};

/// How far from 1 probabilities may add up to.
const TOLERANCE: f32 = 1e-3;

/// Has the model answer a photo, and checks that the answer is one.
pub(crate) fn run(predictor: &Predictor, photo: &[u8]) -> Result<(), SelfTestFault> {
    let prediction = predictor.predict(&Photo::decode(photo)?)?;
    let sum: f32 = prediction.classes.iter().map(|class| class.probability).sum();
    let sound = prediction.classes.iter().all(|class| (0.0..=1.0).contains(&class.probability));
    // A sum that is no number is not within the tolerance either.
    if sound && (sum - 1.0).abs() <= TOLERANCE { Ok(()) } else { Err(SelfTestFault::NoProbabilities { sum }) }
}

/// A model that does not pass.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SelfTestFault {
    /// The photo could not be read.
    #[error("the photo of the self-test cannot be read")]
    Decode(#[from] PhotoError),
    /// The model failed.
    #[error("it does not answer")]
    Predict(#[from] PredictError),
    /// What it answers are no probabilities.
    #[error("its probabilities add up to {sum} where they should to 1; its weights are damaged")]
    NoProbabilities {
        /// What they add up to.
        sum: f32,
    },
}
