//! Sensor noise.

use image::RgbImage;
use rand::RngExt;
use rand::rngs::StdRng;
use rand_distr::{Distribution, Poisson, StandardNormal};

use super::map;

/// Adds normal noise of that standard deviation to each channel, on the scale 0 to 1.
pub(super) fn gaussian(photo: &RgbImage, deviation: f32, rng: &mut StdRng) -> RgbImage {
    map(photo, |_, rgb| {
        rgb.map(|value| {
            let normal: f32 = StandardNormal.sample(rng);
            value + deviation * normal
        })
    })
}

/// Poisson noise, with `photons` as the expected count for white.
pub(super) fn shot(photo: &RgbImage, photons: f32, rng: &mut StdRng) -> RgbImage {
    // A channel has 256 values, so that many distributions are enough. `None` for 0, which has no photons.
    let counts: Vec<Option<Poisson<f32>>> =
        (0..=255u8).map(|value| Poisson::new(f32::from(value) / 255.0 * photons).ok()).collect();
    let mut out = photo.clone();
    for value in out.iter_mut() {
        let count = counts[usize::from(*value)].as_ref().map_or(0.0, |count| count.sample(rng));
        *value = super::byte(count / photons);
    }
    out
}

/// Sets that share of the channels to black or white.
pub(super) fn impulse(photo: &RgbImage, share: f32, rng: &mut StdRng) -> RgbImage {
    map(photo, |_, rgb| {
        rgb.map(|value| {
            let drawn: f32 = rng.random();
            if drawn >= share { value } else { f32::from(u8::from(drawn < share / 2.0)) }
        })
    })
}
