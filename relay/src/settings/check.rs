//! Values that do not go together.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::definitions::*;
use super::fault::Fault;
use super::setting::Definition;
use super::{Limits, Settings, Times};

/// What is wrong with these settings together. Only those are looked at whose values are `sound` by themselves.
pub(super) fn together(settings: &Settings, sound: impl Fn(&[&str]) -> bool) -> Vec<Fault> {
    let Settings { limits, times, metrics, .. } = settings;
    let mut faults = Vec::new();
    let mut hold = |names: &[&str], holds: bool, otherwise: String| {
        if sound(names) && !holds {
            faults.push(Fault::Together(otherwise));
        }
    };
    hold(
        &[MODEL.name(), NO_PESTS.name()],
        settings.model.model.is_none() || !settings.model.no_pests,
        "no-pests: it is of the model in this program; leave out either it or model".to_owned(),
    );
    let Times { request, stall, inference, .. } = *times;
    for (other, name) in [(stall, STALL_TIMEOUT.name()), (inference, INFERENCE_TIMEOUT.name())] {
        hold(
            &[REQUEST_TIMEOUT.name(), name],
            request >= other,
            format!("request-timeout ({request:?}) is shorter than {name} ({other:?}), which would never be reached"),
        );
    }
    let Limits { photo, body_of_several, upload_memory, .. } = *limits;
    hold(
        &[MAX_PHOTO.name(), MAX_BODY_OF_SEVERAL.name()],
        photo <= body_of_several,
        format!("max-photo ({photo} bytes) is more than max-body-of-several ({body_of_several} bytes)"),
    );
    hold(
        &[UPLOAD_MEMORY.name(), MAX_BODY_OF_SEVERAL.name()],
        upload_memory >= body_of_several,
        format!(
            "upload-memory ({upload_memory} bytes) does not hold one body of max-body-of-several ({body_of_several} bytes)"
        ),
    );
    if let Some(metrics) = metrics {
        hold(
            &[LISTEN.name(), METRICS_LISTEN.name()],
            metrics.address != settings.listen || metrics.address.port() == 0,
            format!("metrics-listen is the address of listen ({}); choose another port", settings.listen),
        );
    }
    faults
}

/// What is wrong with a file, or a folder, that is to be read, if anything is.
pub(super) fn missing(path: &Path, folder: bool) -> Option<String> {
    let found = fs::metadata(path).and_then(|found| match (folder, found.is_dir()) {
        (true, false) => Err(io::Error::other("this is a file, give a folder")),
        (false, true) => Err(io::Error::other("this is a folder, give a file")),
        (true, true) => fs::read_dir(path).map(|_| ()),
        (false, false) => File::open(path).map(|_| ()),
    });
    found.err().map(|error| format!("cannot be read: {error}"))
}
