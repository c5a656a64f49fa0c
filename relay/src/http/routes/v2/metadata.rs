//! Metadata of the server and its model.

use mango_inference::Predictor;
use serde::Serialize;
use utoipa::ToSchema;

use super::input::{PHOTO, PIXELS};

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

    /// The number of classes may change when a gallery is reloaded.
    fn metadata(self, predictor: &Predictor) -> Tensor {
        let classes = i64::try_from(predictor.classes().len()).unwrap_or(-1);
        let shape = match self {
            Self::Probabilities => vec![-1, classes],
            Self::Classes => vec![classes],
            Self::Class | Self::Verdict | Self::OutOfDomain => vec![-1],
        };
        Tensor { name: self.name(), datatype: self.datatype(), shape }
    }
}

/// Metadata of the server.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ServerMetadata {
    name: &'static str,
    version: &'static str,
    extensions: [&'static str; 1],
}

impl ServerMetadata {
    pub(super) fn of_this_program() -> Self {
        Self { name: "mango-relay", version: env!("CARGO_PKG_VERSION"), extensions: ["binary_tensor_data"] }
    }
}

/// Metadata of a model.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ModelMetadata {
    name: String,
    versions: [String; 1],
    /// The inference library and the format of the weights.
    platform: &'static str,
    /// A request contains one of them.
    inputs: [Tensor; 2],
    outputs: Vec<Tensor>,
}

/// An input or output tensor.
#[derive(Debug, Serialize, ToSchema)]
struct Tensor {
    name: &'static str,
    datatype: &'static str,
    /// -1 for a dimension that differs from request to request.
    shape: Vec<i64>,
}

impl ModelMetadata {
    pub(super) fn of(predictor: &Predictor) -> Self {
        let model = &predictor.manifest().model;
        Self {
            name: model.name.clone(),
            versions: [model.version.clone()],
            platform: "burn_burnpack",
            inputs: [
                Tensor { name: PIXELS, datatype: "UINT8", shape: vec![-1, -1, -1, 3] },
                Tensor { name: PHOTO, datatype: "BYTES", shape: vec![-1] },
            ],
            outputs: Output::all(predictor).into_iter().map(|output| output.metadata(predictor)).collect(),
        }
    }
}
