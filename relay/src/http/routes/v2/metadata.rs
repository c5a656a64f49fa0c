//! Metadata of the server and its model.

use mango_inference::Predictor;
use serde::Serialize;
use utoipa::ToSchema;

use super::output::{Output, PHOTO, PIXELS};

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

impl Tensor {
    fn of(output: Output, predictor: &Predictor) -> Self {
        Self { name: output.name(), datatype: output.datatype(), shape: output.shape(predictor) }
    }
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
            outputs: Output::all(predictor).into_iter().map(|output| Tensor::of(output, predictor)).collect(),
        }
    }
}
