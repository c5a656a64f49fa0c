//! Names and types of the inputs and outputs.

use mango_inference::Predictor;

/// The input of decoded photos: UINT8 `[n, height, width, 3]`, RGB of upright pictures.
pub(super) const PIXELS: &str = "pixels";
/// The input of photo files, JPEG, PNG or WebP: BYTES `[n]`, or `[n, 1]` as MLServer's codecs write it.
pub(super) const PHOTO: &str = "photo";

/// An output of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// Each class's probability: FP32 `[n, classes]`.
    Probabilities,
    /// The classes' ids, in the order of the probabilities: BYTES `[classes]`.
    Classes,
    /// The most probable class's id: BYTES `[n]`.
    Class,
    /// The verdict on the most probable class: BYTES `[n]`.
    Verdict,
    /// The distance of each photo from known mango leaves: FP32 `[n]`.
    OutOfDomain,
}

impl Output {
    /// The outputs of a model. Not every model has a score for [`Output::OutOfDomain`].
    pub(super) fn all(predictor: &Predictor) -> Vec<Self> {
        let mut outputs = vec![Self::Probabilities, Self::Classes, Self::Class, Self::Verdict];
        if predictor.manifest().domain.is_some() {
            outputs.push(Self::OutOfDomain);
        }
        outputs
    }

    /// The name in requests.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Probabilities => "probabilities",
            Self::Classes => "classes",
            Self::Class => "class",
            Self::Verdict => "verdict",
            Self::OutOfDomain => "out_of_domain",
        }
    }

    /// The type of its elements.
    pub(super) fn datatype(self) -> &'static str {
        match self {
            Self::Probabilities | Self::OutOfDomain => "FP32",
            Self::Classes | Self::Class | Self::Verdict => "BYTES",
        }
    }

    /// Its shape, -1 for a dimension that differs from request to request. The number of classes may change when a gallery is reloaded.
    pub(super) fn shape(self, predictor: &Predictor) -> Vec<i64> {
        let classes = i64::try_from(predictor.classes().len()).unwrap_or(-1);
        match self {
            Self::Probabilities => vec![-1, classes],
            Self::Classes => vec![classes],
            Self::Class | Self::Verdict | Self::OutOfDomain => vec![-1],
        }
    }
}
