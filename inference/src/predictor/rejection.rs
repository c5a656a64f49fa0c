//! Rejection: when a photo is `not_mango_leaf`.

use crate::bundle::Manifest;
use crate::few_photos::{FewPhotosCalibration, Unfamiliarity};

/// Whether a photo shows something other than mango: it is beyond one of the model's limits, and unlike the photos of the
/// galleries. `novelty` is the photo's novelty relative to these, if there are any.
pub(super) fn is_rejected(manifest: &Manifest, unfamiliarity: Unfamiliarity, novelty: Option<f32>) -> bool {
    let Unfamiliarity { not_mango, out_of_domain } = unfamiliarity;
    let far = out_of_domain.zip(manifest.domain).is_some_and(|(score, domain)| score > domain.limit);
    let other = not_mango.zip(manifest.others).is_some_and(|(probability, others)| probability > others.limit);
    let strange = |novelty| FewPhotosCalibration::strangeness(novelty, unfamiliarity) > manifest.few_photos.strange;
    (far || other) && novelty.is_none_or(strange)
}
