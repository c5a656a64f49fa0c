//! Loads everything that the relay needs before it serves.

use std::net::TcpListener;

use anyhow::Context;
use mango_certificates::server_config;
use mango_inference::{ModelId, Predictor};
use rustls::ServerConfig;

use super::faults::{Faults, Gathered};
use super::{listen, metrics_listener};
use crate::feedback::{self, Store, StoreError};
use crate::model::Model;
use crate::model::device::DeviceModel;
use crate::serve::watch::certificate::Certificate;
use crate::serve::watch::galleries::Galleries;
use crate::settings::Settings;

/// The loaded files and the sockets.
#[derive(Debug)]
pub(in crate::serve) struct Prepared {
    pub(in crate::serve) name: ModelId,
    pub(in crate::serve) galleries: Galleries,
    pub(in crate::serve) predictor: Predictor,
    pub(in crate::serve) device_model: DeviceModel,
    /// None if feedback is off.
    pub(in crate::serve) feedback: Option<Store>,
    pub(in crate::serve) certificate: Certificate,
    pub(in crate::serve) config: ServerConfig,
    pub(in crate::serve) listener: TcpListener,
    /// None if metrics are off.
    pub(in crate::serve) metrics_listener: Option<TcpListener>,
}

impl Prepared {
    /// Loads everything.
    ///
    /// # Errors
    /// All errors. The sockets are opened only if everything else was loaded.
    pub(in crate::serve) fn of(settings: &Settings) -> Result<Self, Faults> {
        let mut faults = Gathered::default();
        let models = faults.sound(models(settings));
        let device_model = faults.sound(device_model(settings));
        let feedback = faults.sound(settings.feedback.as_ref().map(Store::open).transpose());
        let certificate = faults.sound(certificate(settings));
        let (Some((name, galleries, predictor)), Some(device_model), Some(feedback), Some((certificate, config))) =
            (models, device_model, feedback, certificate)
        else {
            return Err(faults.into());
        };
        // The sockets are opened last, so that no client connects to a relay that will not start.
        let listener = faults.sound(listen::listen(settings.listen, "--listen"));
        let metrics_listener = faults.sound(settings.metrics.map_or(Ok(None), metrics_listener::listen));
        let (Some(listener), Some(metrics_listener)) = (listener, metrics_listener) else {
            return Err(faults.into());
        };
        Ok(Self { name, galleries, predictor, device_model, feedback, certificate, config, listener, metrics_listener })
    }
}

/// Loads the model and the galleries.
pub(in crate::serve) fn models(settings: &Settings) -> anyhow::Result<(ModelId, Galleries, Predictor)> {
    let model = Model::load(&settings.model).context("cannot load the model")?;
    let name = model.bare().manifest().model.clone();
    let (galleries, predictor) = Galleries::load(model, &settings.galleries)?;
    Ok((name, galleries, predictor))
}

/// Loads the model for phones.
pub(in crate::serve) fn device_model(settings: &Settings) -> anyhow::Result<DeviceModel> {
    DeviceModel::load(settings.device_model.as_deref()).with_context(|| match &settings.device_model {
        Some(folder) => format!("cannot use the model for phones in {}", folder.display()),
        None => "cannot use the built-in model for phones".to_owned(),
    })
}

/// Checks that feedback can be stored, if it is on.
pub(in crate::serve) fn check_feedback(settings: &Settings) -> Result<(), StoreError> {
    settings.feedback.as_ref().map_or(Ok(()), |feedback| feedback::check(&feedback.folder))
}

fn certificate(settings: &Settings) -> anyhow::Result<(Certificate, ServerConfig)> {
    let certificate = Certificate::load(&settings.certificate)?;
    let config = server_config(settings.tls.list(), certificate.current()).context("cannot set up TLS")?;
    Ok((certificate, config))
}
