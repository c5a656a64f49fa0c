//! The self-test of a model for phones: a photo, and the relay's prediction for it.

use std::io::Cursor;

use image::{ImageError, ImageFormat};
use mango_inference::{ClassId, Photo, PhotoError, PredictError, Prediction, Predictor, RankedClass, Verdict};
use serde::Serialize;

use super::leaf;

/// A phone has to compute the same prediction, each probability within 0.001, before it uses the model.
#[derive(Clone, Debug)]
pub struct SelfTest {
    /// A small PNG.
    pub photo: Vec<u8>,
    /// Every class, most probable first.
    pub classes: Vec<Expected>,
    /// The verdict on the first class.
    pub verdict: Verdict,
}

/// A class of the prediction.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Expected {
    /// The class's id.
    pub id: ClassId,
    /// Its probability, 0 to 1.
    pub probability: f32,
}

impl SelfTest {
    /// Generates the photo and classifies it.
    ///
    /// # Errors
    /// [`SelfTestError`] if there is no prediction.
    pub(super) fn of(predictor: &Predictor) -> Result<Self, SelfTestError> {
        let mut photo = Cursor::new(Vec::new());
        leaf::picture().write_to(&mut photo, ImageFormat::Png)?;
        let photo = photo.into_inner();
        let Prediction { classes, verdict, .. } = predictor.predict(&Photo::decode(&photo)?)?;
        let expected = |class: RankedClass| Expected { id: class.id, probability: rounded(class.probability) };
        Ok(Self { photo, classes: classes.into_iter().map(expected).collect(), verdict })
    }
}

/// Rounds to four digits. Further digits differ between processors, and relays with one model should answer the same.
fn rounded(probability: f32) -> f32 {
    (probability * 1e4).round() / 1e4
}

/// A self-test without a prediction.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The picture could not be decoded.
    #[error("the picture of the self-test cannot be read: {0}")]
    Decode(#[from] PhotoError),
    /// The picture could not be encoded.
    #[error("the picture of the self-test cannot be made: {0}")]
    Encode(#[from] ImageError),
    /// The model failed.
    #[error("the model does not answer the self-test: {0}")]
    Predict(#[from] PredictError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::device::DeviceModel;

    #[test]
    fn the_photo_is_small_and_the_prediction_distinguishes_models() {
        let SelfTest { photo, classes, .. } = DeviceModel::load(None).unwrap().self_test;
        assert!(photo.len() <= 10_000, "{}", photo.len());
        assert!(classes.is_sorted_by(|a, b| a.probability >= b.probability));
        // A prediction of a single class would not distinguish a broken model that always gives that class.
        let spread = classes.iter().filter(|class| class.probability > 0.005).count();
        assert!(classes[0].probability < 0.995 && spread >= 3, "{classes:?}");
    }
}
