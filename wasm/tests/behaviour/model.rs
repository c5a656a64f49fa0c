//! Test data.

#[path = "../../parity/case.rs"]
mod case;

use js_sys::{Reflect, Uint8Array};
use mango_inference::Prediction;
use mango_wasm::Scout;
use wasm_bindgen::{JsCast, JsValue};

pub(super) use case::{Case, NetworkCase};

pub(super) const MANIFEST: &str = include_str!("../../../models/leaf-mini/manifest.json");
pub(super) const WEIGHTS: &[u8] = include_bytes!("../../../models/leaf-mini/weights.bpk");
pub(super) const PESTS: &[u8] = include_bytes!("../../../models/gallery/mango-pests/leaf-mini.gallery");
pub(super) const CATALOG: &str = include_str!("../../../models/catalog.json");

/// Written by the native build; `cargo xtask test` sets `MANGO_PARITY` to the folder.
const CASES: &[u8] =
    include_bytes!(concat!(env!("MANGO_PARITY", "run the wasm tests by `cargo xtask test`"), "/cases.bin"));

const NETWORKS: &[u8] = include_bytes!(concat!(env!("MANGO_PARITY"), "/networks.bin"));

pub(super) fn networks() -> Vec<NetworkCase> {
    postcard::from_bytes(NETWORKS).unwrap()
}

pub(super) fn cases() -> Vec<Case> {
    postcard::from_bytes(CASES).unwrap()
}

/// The shipped model without its gallery.
pub(super) fn bare() -> Scout {
    Scout::new(MANIFEST, WEIGHTS.to_vec(), None).unwrap()
}

/// The shipped model with gallery and catalog, as on the phone.
pub(super) fn scout() -> Scout {
    let mut scout = Scout::new(MANIFEST, WEIGHTS.to_vec(), Some(PESTS.to_vec())).unwrap();
    scout.use_catalog(CATALOG).unwrap();
    scout
}

/// A small JPEG that is decoded quickly.
pub(super) fn photo() -> Vec<u8> {
    cases().into_iter().find(|case| case.name == "jpeg, EXIF orientation 1").unwrap().photo
}

pub(super) fn js(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

pub(super) fn parse(json: &str) -> Prediction {
    serde_json::from_str(json).unwrap()
}

/// The code and the message of the `Error` that was thrown.
pub(super) fn thrown<T>(result: Result<T, JsValue>) -> (String, String) {
    let error = result.err().expect("it was taken");
    let text = |key: &str| Reflect::get(&error, &key.into()).unwrap().as_string().unwrap();
    assert!(error.is_instance_of::<js_sys::Error>(), "it throws an Error");
    (text("code"), text("message"))
}
