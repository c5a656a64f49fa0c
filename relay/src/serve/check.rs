//! Whether what the settings name can be used.

use anyhow::Context;

use super::reload::Galleries;
use super::{certificate, device_model};
use crate::model::Model;
use crate::settings::Settings;

/// What would keep `serve` from starting with these settings, apart from the address: a model, a gallery or a certificate
/// that cannot be used.
#[must_use]
pub fn check(settings: &Settings) -> Vec<anyhow::Error> {
    let model = Model::load(&settings.model)
        .context("cannot load the model")
        .and_then(|model| Galleries::load(model, &settings.galleries).map(|_| ()));
    let device_model = device_model(settings).map(|_| ());
    let certificate = certificate::check(&settings.certificate);
    [model, device_model, certificate].into_iter().filter_map(Result::err).collect()
}
