//! Builds the settings from the given values.

use std::collections::BTreeSet;
use std::thread;

use super::check;
use super::definitions::*;
use super::fault::{Fault, SettingsError};
use super::resolved::{Resolved, Row};
use super::sources::{Given, Origin, Sources};
use super::values::{CertificateFiles, Clients, FeedbackSettings, Limits, LogSettings, MetricsListen, Settings, Times};
use crate::model::ModelArgs;

/// Reads all settings and collects the errors, so that the user sees all of them at once.
pub(super) struct Reader<'a> {
    sources: &'a Sources,
    faults: Vec<Fault>,
    /// Settings with an invalid value.
    faulty: BTreeSet<&'static str>,
    rows: Vec<Row>,
    warnings: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources, faults: Vec<Fault>) -> Self {
        Self { sources, faults, faulty: BTreeSet::new(), rows: Vec::new(), warnings: Vec::new() }
    }

    /// Reads all settings. The default replaces an invalid value, which [`Reader::end`] reports.
    pub(super) fn settings(&mut self) -> Settings {
        let certificate = self.certificate();
        let model = ModelArgs { model: self.one(&MODEL), no_pests: self.one(&NO_PESTS) };
        let limits = self.limits();
        let metrics = self.one(&METRICS_LISTEN);
        let chosen = self.sources.find(METRICS_LISTEN.name()).is_some();
        Settings {
            listen: self.one(&LISTEN),
            certificate,
            tls: self.one(&TLS),
            model,
            galleries: self.one(&GALLERY),
            device_model: self.one(&DEVICE_MODEL),
            limits,
            times: self.times(),
            feedback: self.feedback(),
            clients: Clients {
                rate_limit: self.one(&RATE_LIMIT),
                trusted_proxies: self.one(&TRUSTED_PROXY),
                allowed_origins: self.one(&ALLOW_ORIGIN),
            },
            log: LogSettings { format: self.one(&LOG_FORMAT), level: self.one(&LOG_LEVEL) },
            metrics: metrics.map(|address| MetricsListen { address, chosen }),
        }
    }

    /// The settings, if each is valid and their combination is too.
    pub(super) fn end(mut self, settings: Settings) -> Result<Resolved, SettingsError> {
        let together =
            check::together(&settings, self.sources, |names| !names.iter().any(|name| self.faulty.contains(name)));
        self.faults.extend(together);
        if self.faults.is_empty() {
            Ok(Resolved { settings, rows: self.rows, warnings: self.warnings })
        } else {
            Err(SettingsError { faults: self.faults })
        }
    }

    fn certificate(&mut self) -> CertificateFiles {
        let (certificate, key) = (self.one(&CERT), self.one(&KEY));
        let (pfx, password_file) = (self.one(&PFX), self.one(&PFX_PASSWORD_FILE));
        let typed = |setting: &dyn Definition| self.sources.typed(setting);
        let mut wrong = Vec::new();
        match (&certificate, &key) {
            (Some(_), None) => {
                wrong.push(format!("{}: give key too, the certificate's private key (--key FILE)", typed(&CERT)));
            }
            (None, Some(_)) => {
                wrong.push(format!("{}: give cert too, the key's certificate (--cert FILE)", typed(&KEY)));
            }
            _ => {}
        }
        let others = [certificate.is_some().then(|| typed(&CERT)), key.is_some().then(|| typed(&KEY))];
        let others: Vec<String> = others.into_iter().flatten().collect();
        if pfx.is_some() && !others.is_empty() {
            let (pfx, others) = (typed(&PFX), others.join(" and "));
            wrong.push(format!("{pfx} holds certificate and key; leave out either it or {others}"));
        }
        if pfx.is_none() && password_file.is_some() {
            let file = typed(&PFX_PASSWORD_FILE);
            wrong.push(format!("{file}: give pfx too, the file that the password opens (--pfx FILE)"));
        }
        self.faults.extend(wrong.into_iter().map(Fault::Together));
        match (certificate, key, pfx) {
            (_, _, Some(path)) => CertificateFiles::Pfx { path, password_file },
            (Some(certificate), Some(key), None) => CertificateFiles::Pem { certificate, key },
            _ => CertificateFiles::Development,
        }
    }

    fn limits(&mut self) -> Limits {
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let workers = self.one(&WORKERS).map_or_else(cores, |workers| workers.get().into());
        let queue: usize = self.one(&QUEUE).into();
        let photo = self.one(&MAX_PHOTO);
        let request_size = self.one(&MAX_REQUEST_SIZE);
        let enough = queue.saturating_mul(photo).max(request_size);
        Limits {
            workers,
            queue,
            connections: self.one(&CONNECTIONS) as usize,
            upload_memory: self.one(&UPLOAD_MEMORY).unwrap_or(enough),
            photo,
            request_size,
            photos: self.one(&MAX_PHOTOS_OF_ONE),
            pixels: self.one(&MAX_PIXELS),
        }
    }

    fn feedback(&mut self) -> Option<FeedbackSettings> {
        let folder = self.one(&FEEDBACK);
        let (days, per_day) = (self.one(&FEEDBACK_DAYS), self.one(&FEEDBACK_PER_DAY));
        let (max_bytes, max_files) = (self.one(&FEEDBACK_BYTES) as u64, self.one(&FEEDBACK_FILES) as usize);
        folder.map(|folder| FeedbackSettings { folder, days, max_bytes, max_files, per_day })
    }

    fn times(&mut self) -> Times {
        Times {
            handshake: self.one(&HANDSHAKE_TIMEOUT),
            header: self.one(&HEADER_TIMEOUT),
            stall: self.one(&STALL_TIMEOUT),
            least_rate: self.one(&LEAST_RATE),
            request: self.one(&REQUEST_TIMEOUT),
            inference: self.one(&INFERENCE_TIMEOUT),
            idle: self.one(&IDLE_TIMEOUT),
            stop: self.one(&STOP_TIMEOUT),
            drain_delay: self.one(&DRAIN_DELAY),
        }
    }

    fn one<T: Clone + Sync>(&mut self, setting: &'static Setting<T>) -> T {
        let given = self.sources.find(setting.name());
        if let Some(given) = given.filter(|given| given.name != setting.name()) {
            self.warnings.push(format!("{}: this setting is called {} now", given.place(), setting.name()));
        }
        let value = given.map(|given| (setting.value_type.parse)(&given.values).map_err(|wrong| (given, wrong)));
        let value = match value {
            Some(Ok(value)) => value,
            Some(Err((given, wrong))) => {
                self.faults.push(Fault::Value { place: given.place(), wrong });
                self.faulty.insert(setting.name());
                setting.default.clone()
            }
            None => setting.default.clone(),
        };
        if setting.arity().of_paths() {
            self.look_for(setting, given, &(setting.value_type.show)(&value));
        }
        let origin = given.map_or(Origin::Default, |given| given.origin.clone());
        self.rows.push(Row { name: setting.name(), values: (setting.value_type.show)(&value), origin });
        value
    }

    /// Checks that files and folders exist, so that a missing one is reported before anything starts.
    fn look_for(&mut self, setting: &dyn Definition, given: Option<&Given>, paths: &[std::ffi::OsString]) {
        for (path, given) in paths.iter().zip(std::iter::repeat(given).flatten()) {
            if let Some(wrong) = check::missing(path.as_ref(), setting.value_name() == "FOLDER") {
                let place = Given { values: vec![path.clone()], ..given.clone() }.place();
                self.faults.push(Fault::Value { place, wrong });
            }
        }
    }
}
