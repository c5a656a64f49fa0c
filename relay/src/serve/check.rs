//! Whether what the settings name can be used.

use super::faults::{Faults, Gathered};
use super::{certificate, prepare};
use crate::settings::Settings;

/// Nothing, if `serve` could start with these settings, as far as it is not up to the address.
///
/// # Errors
/// Every model, gallery and certificate that cannot be used.
pub fn check(settings: &Settings) -> Result<(), Faults> {
    let mut faults = Gathered::default();
    faults.sound(prepare::models(settings));
    faults.sound(prepare::device_model(settings));
    faults.sound(certificate::check(&settings.certificate));
    faults.none()
}
