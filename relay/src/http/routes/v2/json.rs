//! The JSON of an inference request.

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::bounded_list::BoundedList;
use super::data::Data;

/// Longest request id of a client, characters. The response repeats it.
pub(super) const MAX_ID: usize = 256;
/// An inference request.
#[derive(Deserialize, ToSchema)]
#[schema(as = InferRequest, example = json!({
    "inputs": [{ "name": "pixels", "datatype": "UINT8", "shape": [1, 1, 2, 3], "data": [60, 130, 50, 70, 120, 40] }],
    "outputs": [{ "name": "class" }, { "name": "probabilities" }],
}))]
pub(super) struct Json {
    #[schema(schema_with = id_schema)]
    pub(super) id: Option<String>,
    pub(super) parameters: Option<RequestParameters>,
    /// `pixels` or `photo`.
    #[schema(value_type = Vec<Input>, min_items = 1, max_items = 1)]
    pub(super) inputs: BoundedList<Input, 2>,
    /// All outputs if absent.
    #[schema(value_type = Option<Vec<RequestedOutput>>, max_items = 5)]
    pub(super) outputs: Option<BoundedList<RequestedOutput, 8>>,
}

/// A text of at most [`MAX_ID`] characters, or null. Schema attributes do not accept constants.
fn id_schema() -> RefOr<Schema> {
    let text = SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(text).max_length(Some(MAX_ID)).into()
}

/// Unknown parameters are ignored, as the protocol requires.
#[derive(Deserialize, ToSchema)]
pub(super) struct RequestParameters {
    pub(super) binary_data_output: Option<bool>,
}

/// An input tensor.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RequestInput)]
pub(super) struct Input {
    pub(super) name: String,
    #[schema(value_type = Vec<u64>, min_items = 1, max_items = 4)]
    pub(super) shape: BoundedList<u64, 8>,
    pub(super) datatype: String,
    pub(super) parameters: Option<InputParameters>,
    /// Numbers of `pixels`, nested or flat; files of `photo` in base64.
    #[schema(value_type = Option<Vec<serde_json::Value>>)]
    pub(super) data: Option<Data>,
}

/// Parameters of an input tensor.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RequestInputParameters)]
pub(super) struct InputParameters {
    /// Bytes of its binary data after the JSON.
    pub(super) binary_data_size: Option<u64>,
    pub(super) shared_memory_region: Option<String>,
}

/// A requested output.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RequestedOutput {
    pub(super) name: String,
    pub(super) parameters: Option<OutputParameters>,
}

/// Parameters of a requested output.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RequestedOutputParameters)]
pub(super) struct OutputParameters {
    pub(super) binary_data: Option<bool>,
    pub(super) classification: Option<u64>,
    pub(super) shared_memory_region: Option<String>,
}
