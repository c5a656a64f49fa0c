//! Corruptions of light, weather and exposure.

use image::RgbImage;
use rand::RngExt;
use rand::rngs::StdRng;

use super::map;
use crate::views::texture::fractal;

/// Mist of uneven density that hides up to that share of the photo behind near-white.
pub(super) fn fog(photo: &RgbImage, density: f32, rng: &mut StdRng) -> RgbImage {
    let mist = fractal(photo.width(), photo.height(), 0.6, 5, rng);
    map(photo, |place, rgb| {
        let hidden = density * (0.7 + 0.3 * mist[place]);
        rgb.map(|value| value * (1.0 - hidden) + 0.9 * hidden)
    })
}

/// Adds to the brightest channel (the V of HSV) and scales the others in proportion, clamped to white.
pub(super) fn expose(photo: &RgbImage, more: f32) -> RgbImage {
    map(photo, |_, rgb| {
        let brightest = rgb.into_iter().fold(0.0, f32::max);
        if brightest == 0.0 { [more; 3] } else { rgb.map(|value| value * ((brightest + more).min(1.0) / brightest)) }
    })
}

/// Reduces the light to that share, in linear light (gamma 2.2).
pub(super) fn underexpose(photo: &RgbImage, light: f32) -> RgbImage {
    let factor = light.powf(1.0 / 2.2);
    map(photo, |_, rgb| rgb.map(|value| value * factor))
}

/// Keeps that share of each channel's distance from its mean.
pub(super) fn contrast(photo: &RgbImage, kept: f32) -> RgbImage {
    let mut mean = [0.0f64; 3];
    for pixel in photo.pixels() {
        for (sum, value) in mean.iter_mut().zip(pixel.0) {
            *sum += f64::from(value);
        }
    }
    let count = f64::from(photo.width()) * f64::from(photo.height());
    let mean = mean.map(|sum| (sum / count / 255.0) as f32);
    map(photo, |_, rgb| std::array::from_fn(|channel| mean[channel] + kept * (rgb[channel] - mean[channel])))
}

/// Keeps that share of each channel's distance from grey (Rec. 601 luma).
pub(super) fn saturate(photo: &RgbImage, kept: f32) -> RgbImage {
    map(photo, |_, [red, green, blue]| {
        let grey = 0.299 * red + 0.587 * green + 0.114 * blue;
        [red, green, blue].map(|value| grey + kept * (value - grey))
    })
}

/// Raises red and lowers blue by that share, or the reverse.
pub(super) fn white_balance(photo: &RgbImage, shift: f32, rng: &mut StdRng) -> RgbImage {
    let (up, down) = (1.0 + shift, 1.0 / (1.0 + shift));
    let [red, blue] = if rng.random() { [up, down] } else { [down, up] };
    map(photo, |_, rgb| [rgb[0] * red, rgb[1], rgb[2] * blue])
}

/// Removes up to that share of the light from about half the photo, with soft edges.
pub(super) fn shadow(photo: &RgbImage, depth: f32, rng: &mut StdRng) -> RgbImage {
    let cover = fractal(photo.width(), photo.height(), 0.35, 3, rng);
    map(photo, |place, rgb| {
        let shaded = ((cover[place] - 0.42) / 0.16).clamp(0.0, 1.0);
        rgb.map(|value| value * (1.0 - depth * shaded))
    })
}
