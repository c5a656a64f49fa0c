//! Background augmentation: a leaf on another background, so that the model does not learn classes from backgrounds.

use image::{Rgb, RgbImage};
use mango_inference::Photo;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::views::leaf_mask::LeafMask;
use crate::views::texture::fractal;

/// The photo's leaf on a random background of two colours with noise at several scales; the unchanged photo if the leaf
/// is not found reliably. The same photo and seed give the same picture.
#[must_use]
pub fn elsewhere(photo: &Photo, seed: u64) -> Photo {
    let pixels = photo.pixels();
    let Ok(mask) = LeafMask::find(pixels) else {
        return photo.clone();
    };
    let (width, height) = pixels.dimensions();
    let ground = clouded(width, height, &mut StdRng::seed_from_u64(seed));
    Photo::from_pixels(lay(pixels, &mask.alpha(width, height), &ground))
}

/// Composes the leaf of one picture on another of the same size, with `alpha` as the weight of the first.
#[must_use]
pub fn lay(leaf: &RgbImage, alpha: &[f32], ground: &RgbImage) -> RgbImage {
    let mut out = ground.clone();
    for ((out, leaf), alpha) in out.pixels_mut().zip(leaf.pixels()).zip(alpha) {
        out.0 = mix(out.0.map(f32::from), leaf.0.map(f32::from), *alpha).map(|value| value.round() as u8);
    }
    out
}

/// Linear interpolation of two colours.
#[must_use]
pub fn mix(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|channel| from[channel] + share * (to[channel] - from[channel]))
}

/// A random plain or mottled background: like earth, sky, paper or grass, or in other colours.
fn clouded(width: u32, height: u32, rng: &mut StdRng) -> RgbImage {
    let from: [f32; 3] = std::array::from_fn(|_| rng.random_range(0.0..255.0));
    let other: [f32; 3] = std::array::from_fn(|_| rng.random_range(0.0..255.0));
    let to = mix(from, other, rng.random_range(0.0..1.0));
    let cell = (rng.random_range(0.0..1.0f32) * 0.02f32.ln()).exp();
    let octaves = rng.random_range(1..5);
    let cloud = fractal(width, height, cell, octaves, rng);
    let (sharpness, middle) = (rng.random_range(1.0..6.0f32), rng.random_range(0.3..0.7));
    RgbImage::from_fn(width, height, |x, y| {
        let share = ((cloud[(y * width + x) as usize] - middle) * sharpness + 0.5).clamp(0.0, 1.0);
        Rgb(mix(from, to, share).map(|value| value as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaf_stays_and_the_background_changes() {
        let leaf = RgbImage::from_fn(160, 120, |x, y| {
            let (dx, dy) = (x as f32 / 160.0 - 0.5, y as f32 / 120.0 - 0.5);
            if (dx / 0.35).powi(2) + (dy / 0.25).powi(2) < 1.0 { Rgb([60, 110, 40]) } else { Rgb([200, 200, 210]) }
        });
        let photo = Photo::from_pixels(leaf.clone());
        let moved = elsewhere(&photo, 4);
        assert_eq!(moved.pixels().get_pixel(80, 60), leaf.get_pixel(80, 60));
        let ground =
            |photo: &Photo| [[2, 2], [157, 2], [2, 117], [157, 117]].map(|[x, y]| *photo.pixels().get_pixel(x, y));
        assert!(ground(&moved).iter().zip(ground(&photo)).all(|(a, b)| *a != b));
        assert_eq!(elsewhere(&photo, 4).pixels(), moved.pixels());
        assert_ne!(elsewhere(&photo, 5).pixels(), moved.pixels());
    }

    #[test]
    fn a_photo_without_a_detectable_leaf_is_unchanged() {
        let even = Photo::from_pixels(RgbImage::from_pixel(60, 60, Rgb([9, 90, 9])));
        assert_eq!(elsewhere(&even, 1).pixels(), even.pixels());
    }
}
