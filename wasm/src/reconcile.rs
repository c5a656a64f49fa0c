//! The choice between two answers: the phone's own or the relay's.

use std::collections::BTreeSet;

use mango_inference::{ClassId, Prediction};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::failure::Code;
use crate::gallery::class_id;

/// Chooses between the phone's `Prediction` and the relay's, if there is one, both as JSON. `taught` are the classes
/// that the grower added on the phone. Returns the JSON of `Shown`.
///
/// # Errors
/// `bad_argument` for JSON that is not a prediction, or an invalid class id.
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional text over owned")]
pub fn reconcile(phone: &str, relay: Option<String>, taught: Vec<String>) -> Result<String, JsValue> {
    let phone = prediction(phone, "phone")?;
    let relay = relay.map(|json| prediction(&json, "relay")).transpose()?;
    let taught: BTreeSet<ClassId> = taught.iter().map(|id| class_id(id)).collect::<Result<_, _>>()?;
    Ok(phone.reconcile(relay, &taught).to_json())
}

fn prediction(json: &str, whose: &str) -> Result<Prediction, JsValue> {
    serde_json::from_str(json)
        .map_err(|error| Code::Argument.error(&format!("the {whose}'s answer is not a prediction: {error}")))
}
