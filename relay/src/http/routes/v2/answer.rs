//! The response to an inference request.

use mango_inference::{ClassId, Prediction, Predictor};
use serde::Serialize;
use utoipa::ToSchema;

use super::output::Output as Kind;
use super::request::Wanted;

/// A response: JSON and binary data.
#[derive(Debug)]
pub(super) struct Answer {
    json: Json,
    binary: Vec<u8>,
}

/// The encoding of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON only.
    Json,
    /// Binary data follow the JSON.
    Binary {
        /// Bytes of JSON.
        json: usize,
    },
}

/// An inference response.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InferResponse)]
pub(super) struct Json {
    model_name: String,
    model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<String>,
    outputs: Vec<Output>,
}

/// An output tensor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResponseOutput)]
struct Output {
    name: &'static str,
    datatype: &'static str,
    shape: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    parameters: Option<OutputParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    data: Option<Values>,
}

/// Parameters of an output tensor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResponseOutputParameters)]
struct OutputParameters {
    binary_data_size: usize,
}

/// A tensor's elements in row-major order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Values {
    Numbers(Vec<f32>),
    Texts(Vec<String>),
}

impl Answer {
    /// The `wanted` outputs for the predictions of a request's photos.
    pub(super) fn new(
        predictor: &Predictor,
        id: Option<String>,
        predictions: &[Prediction],
        wanted: &[Wanted],
    ) -> Self {
        let mut binary = Vec::new();
        let output = |wanted: &Wanted| {
            let (shape, values) = values(wanted.output, predictor.classes(), predictions);
            let (name, datatype) = (wanted.output.name(), wanted.output.datatype());
            if !wanted.binary {
                return Output { name, datatype, shape, parameters: None, data: Some(values) };
            }
            let before = binary.len();
            values.write(&mut binary);
            let parameters = Some(OutputParameters { binary_data_size: binary.len() - before });
            Output { name, datatype, shape, parameters, data: None }
        };
        let outputs = wanted.iter().map(output).collect();
        let model = &predictor.manifest().model;
        let json = Json { model_name: model.name.clone(), model_version: model.version.clone(), id, outputs };
        Self { json, binary }
    }

    /// The response body.
    pub(super) fn encode(self) -> (Vec<u8>, Form) {
        // Cannot fail: only strings and finite numbers are serialised.
        let mut body = serde_json::to_vec(&self.json).unwrap_or_default();
        if self.json.outputs.iter().all(|output| output.parameters.is_none()) {
            return (body, Form::Json);
        }
        let json = body.len();
        body.extend(self.binary);
        (body, Form::Binary { json })
    }
}

/// An output's shape and elements.
fn values(output: Kind, classes: &[ClassId], predictions: &[Prediction]) -> (Vec<usize>, Values) {
    let count = predictions.len();
    match output {
        Kind::Probabilities => {
            let rows = predictions.iter().flat_map(|one| classes.iter().map(|class| probability(one, class)));
            (vec![count, classes.len()], Values::Numbers(rows.collect()))
        }
        Kind::Classes => (vec![classes.len()], Values::Texts(classes.iter().map(ClassId::to_string).collect())),
        Kind::Class => {
            let best = predictions.iter().filter_map(|prediction| Some(prediction.best()?.id.to_string()));
            (vec![count], Values::Texts(best.collect()))
        }
        Kind::Verdict => {
            let verdicts = predictions.iter().map(|prediction| prediction.verdict.as_str().to_owned());
            (vec![count], Values::Texts(verdicts.collect()))
        }
        Kind::OutOfDomain => {
            let scores = predictions.iter().filter_map(|prediction| prediction.out_of_domain);
            (vec![count], Values::Numbers(scores.collect()))
        }
    }
}

fn probability(prediction: &Prediction, class: &ClassId) -> f32 {
    prediction.classes.iter().find(|ranked| ranked.id == *class).map_or(0.0, |ranked| ranked.probability)
}

impl Values {
    /// Appends the elements in little-endian order: numbers in four bytes, texts with their length in four bytes before
    /// them.
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Texts(texts) => {
                for text in texts {
                    // Cannot fail: no id has 4 GiB.
                    out.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
                    out.extend(text.as_bytes());
                }
            }
            Self::Numbers(numbers) => out.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        }
    }
}
