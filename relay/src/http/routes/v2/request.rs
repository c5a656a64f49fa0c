//! Parsing of inference requests.

use axum::body::Bytes;
use axum::http::HeaderMap;

use super::json::{Input, Json, MAX_ID, OutputParameters, RequestedOutput};
use super::output::Output;
use super::source::Source;
use super::{bad, input};
use crate::http::message::headers::INFERENCE_HEADER_LENGTH;
use crate::problem::{Problem, ProblemKind};
use crate::settings::Limits;

/// Limit of JSON that contains the data itself, bytes. The relay parses it as one text.
const MAX_JSON: usize = 8 << 20;
/// Limit of JSON before binary data, bytes.
const MAX_JSON_BEFORE_DATA: usize = 64 << 10;
/// Longest error message that may repeat parts of the request, characters.
const MAX_ERROR: usize = 200;

/// A parsed inference request.
#[derive(Debug)]
pub(super) struct InferRequest {
    /// Repeated in the response.
    pub(super) id: Option<String>,
    pub(super) photos: Vec<Source>,
    pub(super) outputs: Outputs,
}

/// The length of the JSON, if the request announces binary data.
///
/// # Errors
/// [`ProblemKind::BadTensor`] if it is not a number.
pub(super) fn header_length(headers: &HeaderMap) -> Result<Option<usize>, Problem> {
    let Some(value) = headers.get(INFERENCE_HEADER_LENGTH) else { return Ok(None) };
    let length = value.to_str().ok().and_then(|text| text.parse().ok());
    length.map(Some).ok_or_else(|| bad("Inference-Header-Content-Length is not a number of bytes"))
}

impl InferRequest {
    /// Parses a body whose JSON has that length. Without a length all of it is JSON.
    ///
    /// # Errors
    /// The [`Problem`] with it.
    pub(super) fn parse(body: &Bytes, header_length: Option<usize>, limits: Limits) -> Result<Self, Problem> {
        let length = header_length.unwrap_or(body.len());
        if length > body.len() {
            let detail = format!("Inference-Header-Content-Length is {length}, the body has {} bytes", body.len());
            return Err(bad(detail));
        }
        let (json, binary) = (body.slice(..length), body.slice(length..));
        let most = if binary.is_empty() { MAX_JSON } else { MAX_JSON_BEFORE_DATA };
        if json.len() > most {
            let detail =
                format!("at most {} KiB of JSON are taken here; send pixels and photos as binary data", most >> 10);
            return Err(Problem::new(ProblemKind::BodyTooLarge, detail));
        }
        let Json { id, parameters, inputs, outputs } =
            serde_json::from_slice(&json).map_err(|error| bad(shortened(&error.to_string())))?;
        if id.as_ref().is_some_and(|id| id.chars().count() > MAX_ID) {
            return Err(bad(format!("the id has more than {MAX_ID} characters")));
        }
        let Ok([input]) = <[Input; 1]>::try_from(inputs.0) else {
            return Err(bad("send one input: `pixels` or `photo`"));
        };
        let binary = binary_data(&input, binary, header_length.is_some())?;
        Ok(Self {
            id,
            photos: input::photos(input, binary, limits)?,
            outputs: Outputs {
                binary: parameters.and_then(|parameters| parameters.binary_data_output).unwrap_or_default(),
                wanted: outputs.unwrap_or_default().0,
            },
        })
    }
}

/// The data after the JSON, if the input declares its size.
fn binary_data(input: &Input, binary: Bytes, announced: bool) -> Result<Option<Bytes>, Problem> {
    let parameters = input.parameters.as_ref();
    if parameters.is_some_and(|parameters| parameters.shared_memory_region.is_some()) {
        return Err(no_shared_memory());
    }
    match parameters.and_then(|parameters| parameters.binary_data_size) {
        Some(_) if !announced => Err(bad(
            "binary_data_size needs the header Inference-Header-Content-Length, which says where the JSON ends",
        )),
        Some(size) if size == binary.len() as u64 => Ok(Some(binary)),
        Some(size) => Err(bad(format!("binary_data_size is {size}, but {} bytes follow the JSON", binary.len()))),
        None if binary.is_empty() => Ok(None),
        None => Err(bad(format!("{} bytes follow the JSON; binary_data_size must declare them", binary.len()))),
    }
}

/// The requested outputs.
#[derive(Debug)]
pub(super) struct Outputs {
    /// Whether outputs without their own parameter are binary.
    binary: bool,
    /// Empty for all outputs.
    wanted: Vec<RequestedOutput>,
}

/// A requested output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) output: Output,
    pub(super) binary: bool,
}

impl Outputs {
    /// Checks the requested outputs against those of the model.
    ///
    /// # Errors
    /// [`ProblemKind::BadTensor`] for an unknown output, an output requested twice, and output parameters that this
    /// relay does not support.
    pub(super) fn of(self, present: &[Output]) -> Result<Vec<Wanted>, Problem> {
        let binary = self.binary;
        if self.wanted.is_empty() {
            return Ok(present.iter().map(|output| Wanted { output: *output, binary }).collect());
        }
        let mut chosen: Vec<Wanted> = Vec::with_capacity(self.wanted.len());
        for RequestedOutput { name, parameters } in self.wanted {
            let Some(output) = present.iter().copied().find(|output| output.name() == name) else {
                let names: Vec<&str> = present.iter().map(|output| output.name()).collect();
                return Err(bad(format!("the outputs of this model are {}", names.join(", "))));
            };
            if chosen.iter().any(|chosen| chosen.output == output) {
                return Err(bad(format!("the output {name} is requested twice")));
            }
            let own = parameters.map_or(Ok(None), OutputParameters::binary)?;
            chosen.push(Wanted { output, binary: own.unwrap_or(binary) });
        }
        Ok(chosen)
    }
}

impl OutputParameters {
    /// Whether the output is binary, if the parameters say so.
    fn binary(self) -> Result<Option<bool>, Problem> {
        if self.shared_memory_region.is_some() {
            return Err(no_shared_memory());
        }
        if self.classification.is_some() {
            return Err(bad("this relay has no classification extension; request `class`"));
        }
        Ok(self.binary_data)
    }
}

fn no_shared_memory() -> Problem {
    bad("this relay does not support shared memory; send the data in the request")
}

/// Shortens a parser's error, which may repeat a long text of the request.
fn shortened(error: &str) -> String {
    error.chars().take(MAX_ERROR).collect()
}
