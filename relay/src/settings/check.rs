//! Checks of combinations of settings.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use mango_certificates::unreadable;

use super::definitions::*;
use super::fault::Fault;
use super::sources::Sources;
use super::values::{Limits, Settings, Times};

/// Errors in combinations of settings, each setting named as it was typed. Only settings that are `sound` by themselves
/// are checked.
pub(super) fn together(settings: &Settings, sources: &Sources, sound: impl Fn(&[&str]) -> bool) -> Vec<Fault> {
    let Settings { limits, times, metrics, .. } = settings;
    let mut faults = Vec::new();
    // An error text: the first setting, `words`, the second setting, `hint`.
    let mut hold = |[first, second]: [&dyn Definition; 2], holds: bool, words: &str, hint: &str| {
        if sound(&[first.name(), second.name()]) && !holds {
            let [first, second] = [first, second].map(|setting| sources.typed(setting));
            faults.push(Fault::Together(format!("{first} {words} {second}{hint}")));
        }
    };
    hold(
        [&NO_PESTS, &MODEL],
        settings.model.model.is_none() || !settings.model.no_pests,
        "is for the built-in model; leave out either it or",
        "",
    );
    let Times { request, stall, inference, .. } = *times;
    let never = ", which would never be reached";
    hold([&REQUEST_TIMEOUT, &STALL_TIMEOUT], request >= stall, "is shorter than", never);
    hold([&REQUEST_TIMEOUT, &INFERENCE_TIMEOUT], request >= inference, "is shorter than", never);
    let Limits { photo, request_size, upload_memory, .. } = *limits;
    hold([&MAX_PHOTO, &MAX_REQUEST_SIZE], photo <= request_size, "is more than", "; give that at least as much");
    hold(
        [&UPLOAD_MEMORY, &MAX_REQUEST_SIZE],
        upload_memory >= request_size,
        "does not hold one body of",
        "; give it at least as much",
    );
    if let Some(metrics) = metrics {
        hold(
            [&METRICS_LISTEN, &LISTEN],
            metrics.address != settings.listen || metrics.address.port() == 0,
            "is the address of",
            "; choose another port for one of them",
        );
    }
    faults
}

/// Why a file or folder cannot be read, if it cannot.
pub(super) fn missing(path: &Path, folder: bool) -> Option<String> {
    let found = fs::metadata(path).and_then(|found| match (folder, found.is_dir()) {
        (true, false) => Err(io::Error::other("this is a file, give a folder")),
        (false, true) => Err(io::Error::other("this is a folder, give a file")),
        (true, true) => fs::read_dir(path).map(|_| ()),
        (false, false) => File::open(path).map(|_| ()),
    });
    found.err().map(|error| unreadable(&error))
}
