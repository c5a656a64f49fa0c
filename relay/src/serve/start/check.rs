//! Checks the files that the settings name.

use super::faults::{Faults, Gathered};
use super::prepare;
use crate::serve::watch::certificate;
use crate::settings::Settings;

/// Checks that `serve` could start with these settings, apart from the addresses.
///
/// # Errors
/// Every model, gallery, certificate and folder that cannot be used.
pub fn check(settings: &Settings) -> Result<(), Faults> {
    let mut faults = Gathered::default();
    faults.sound(prepare::models(settings));
    faults.sound(prepare::device_model(settings));
    faults.sound(prepare::check_feedback(settings));
    faults.sound(certificate::check(&settings.certificate));
    faults.none()
}
