//! A photo, and what the model answers to it here.

use std::io::Cursor;

use image::{ImageError, ImageFormat};
use mango_inference::{ClassId, Photo, PhotoError, PredictError, Prediction, Predictor, RankedClass, Verdict};
use serde::Serialize;

use super::leaf;

/// What a phone has to find too, each probability within 0.001, before it uses the model.
#[derive(Clone, Debug)]
pub struct SelfTest {
    /// A small PNG.
    pub photo: Vec<u8>,
    /// Every class, most probable first.
    pub classes: Vec<Expected>,
    /// How the first class is to be taken.
    pub verdict: Verdict,
}

/// A class of the answer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Expected {
    /// The class's id.
    pub id: ClassId,
    /// Its probability, 0 to 1.
    pub probability: f32,
}

impl SelfTest {
    /// Draws the photo and has the model answer it.
    ///
    /// # Errors
    /// [`SelfTestError`]: the model does not answer it.
    pub(super) fn of(predictor: &Predictor) -> Result<Self, SelfTestError> {
        let mut photo = Cursor::new(Vec::new());
        leaf::picture().write_to(&mut photo, ImageFormat::Png)?;
        let photo = photo.into_inner();
        let Prediction { classes, verdict, .. } = predictor.predict(&Photo::decode(&photo)?)?;
        let expected = |class: RankedClass| Expected { id: class.id, probability: rounded(class.probability) };
        Ok(Self { photo, classes: classes.into_iter().map(expected).collect(), verdict })
    }
}

/// To four digits: further ones are the processor's own, and relays with one model are to say the same.
fn rounded(probability: f32) -> f32 {
    (probability * 1e4).round() / 1e4
}

/// A self-test that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The picture could not be read again.
    #[error("the picture of the self-test cannot be read: {0}")]
    Decode(#[from] PhotoError),
    /// The picture could not be written.
    #[error("the picture of the self-test cannot be made: {0}")]
    Encode(#[from] ImageError),
    /// The model failed.
    #[error("the model does not answer the self-test: {0}")]
    Predict(#[from] PredictError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_model::DeviceModel;

    #[test]
    fn the_photo_is_small_and_the_answer_tells_models_apart() {
        let SelfTest { photo, classes, .. } = DeviceModel::load(None).unwrap().self_test;
        assert!(photo.len() <= 10_000, "{}", photo.len());
        assert!(classes.is_sorted_by(|a, b| a.probability >= b.probability));
        // A model that answers nothing but one class would agree with a broken one that does too.
        let spread = classes.iter().filter(|class| class.probability > 0.005).count();
        assert!(classes[0].probability < 0.995 && spread >= 3, "{classes:?}");
    }
}
