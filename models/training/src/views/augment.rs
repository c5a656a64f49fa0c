//! Augmentation: simulates other cameras, distances and light.

use std::f32::consts::TAU;
use std::io::Cursor;

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use mango_inference::Photo;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// Side in pixels above which a crop is downscaled before per-pixel changes.
const WORKING_SIDE: u32 = 288;

/// Draws augmented views of photos. The same settings, photo and seed give the same view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augmentation {
    /// Smallest side of a crop, as a share of the photo's short side: from whole leaf (1) to close-up.
    pub least_crop: f32,
    /// Strength of the changes of light, colour, focus and noise: 0 is none, 1 is the variation among photos of
    /// orchards.
    pub strength: f32,
}

impl Augmentation {
    /// A square augmented view of `photo`.
    #[must_use]
    pub fn view(&self, photo: &Photo, seed: u64) -> Photo {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut pixels = self.crop(photo.pixels(), &mut rng);
        turn(&mut pixels, &mut rng);
        self.relight(&mut pixels, &mut rng);
        self.recolour(&mut pixels, &mut rng);
        self.defocus(&mut pixels, &mut rng);
        self.add_noise(&mut pixels, &mut rng);
        Photo::from_pixels(self.recompress(pixels, &mut rng))
    }

    /// A square crop with log-uniform side and uniform position inside the photo.
    fn crop(&self, pixels: &RgbImage, rng: &mut StdRng) -> RgbImage {
        let (width, height) = pixels.dimensions();
        let short = width.min(height) as f32;
        let share = (rng.random_range(0.0..=1.0f32) * self.least_crop.ln()).exp();
        let stretch = rng.random_range(-0.15..0.15f32).exp();
        let side = |stretch: f32, limit: u32| ((short * share * stretch) as u32).clamp(1, limit);
        let (w, h) = (side(stretch, width), side(1.0 / stretch, height));
        let (left, top) = (rng.random_range(0..=width - w), rng.random_range(0..=height - h));
        let view = imageops::crop_imm(pixels, left, top, w, h).to_image();
        let target = w.max(h).min(WORKING_SIDE);
        imageops::resize(&view, target, target, FilterType::Triangle)
    }

    /// Uneven light: the edge of a soft shadow, or sunflecks between leaves.
    fn relight(&self, pixels: &mut RgbImage, rng: &mut StdRng) {
        if !rng.random_bool(f64::from(0.4 * self.strength)) {
            return;
        }
        let side = pixels.width() as f32;
        let depth = rng.random_range(0.2..0.6) * self.strength;
        let (angle, offset) = (rng.random_range(0.0..TAU), rng.random_range(-0.4..0.4));
        let softness = rng.random_range(0.02..0.5f32);
        let flecks: Vec<[f32; 3]> = (0..rng.random_range(0..6))
            .map(|_| [rng.random_range(0.0..1.0), rng.random_range(0.0..1.0), rng.random_range(0.03..0.2)])
            .collect();
        for (x, y, pixel) in pixels.enumerate_pixels_mut() {
            let (x, y) = (x as f32 / side, y as f32 / side);
            let across = ((x - 0.5) * angle.cos() + (y - 0.5) * angle.sin() - offset) / softness;
            let mut light = 1.0 - depth / (1.0 + (-across).exp());
            for [cx, cy, radius] in &flecks {
                let distance = ((x - cx).powi(2) + (y - cy).powi(2)).sqrt() / radius;
                light += depth / (1.0 + (8.0 * (distance - 1.0)).exp());
            }
            pixel.0 = pixel.0.map(|value| (f32::from(value) * light).clamp(0.0, 255.0) as u8);
        }
    }

    /// Exposure, contrast, white balance, saturation and gamma.
    fn recolour(&self, pixels: &mut RgbImage, rng: &mut StdRng) {
        let mut stray = |far: f32| (rng.random_range(-far..=far) * self.strength).exp();
        let (exposure, contrast, saturation, gamma) = (stray(0.35), stray(0.35), stray(0.5), stray(0.25));
        let balance = [stray(0.18), stray(0.06), stray(0.18)];
        for pixel in pixels.pixels_mut() {
            let mut rgb = [0.0f32; 3];
            for channel in 0..3 {
                let value = f32::from(pixel.0[channel]) / 255.0 * exposure * balance[channel];
                rgb[channel] = (value.max(0.0).powf(gamma) - 0.5) * contrast + 0.5;
            }
            let grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
            pixel.0 = rgb.map(|value| ((grey + (value - grey) * saturation) * 255.0).clamp(0.0, 255.0) as u8);
        }
    }

    /// Sharp, out of focus, or blurred by enlargement.
    fn defocus(&self, pixels: &mut RgbImage, rng: &mut StdRng) {
        if rng.random_bool(f64::from(0.3 * self.strength)) {
            let sigma = rng.random_range(0.4..2.5) * pixels.width() as f32 / WORKING_SIDE as f32;
            *pixels = imageops::fast_blur(pixels, sigma.max(0.3));
        }
    }

    fn add_noise(&self, pixels: &mut RgbImage, rng: &mut StdRng) {
        if !rng.random_bool(f64::from(0.4 * self.strength)) {
            return;
        }
        let far = rng.random_range(2.0..18.0) * self.strength;
        for pixel in pixels.pixels_mut() {
            pixel.0 = pixel.0.map(|value| {
                // The sum of three uniform draws is close to normal.
                let noise: f32 = (0..3).map(|_| rng.random_range(-far..=far)).sum();
                (f32::from(value) + noise).clamp(0.0, 255.0) as u8
            });
        }
    }

    fn recompress(&self, pixels: RgbImage, rng: &mut StdRng) -> RgbImage {
        if !rng.random_bool(f64::from(0.5 * self.strength)) {
            return pixels;
        }
        let mut jpeg = Vec::new();
        let quality = rng.random_range(25..95);
        let encoded = JpegEncoder::new_with_quality(Cursor::new(&mut jpeg), quality).encode_image(&pixels);
        match encoded.map(|()| image::load_from_memory(&jpeg)) {
            Ok(Ok(decoded)) => decoded.into_rgb8(),
            _ => pixels,
        }
    }
}

/// One of the eight rotations and reflections of a square: a leaf has no upright orientation.
fn turn(pixels: &mut RgbImage, rng: &mut StdRng) {
    if rng.random_bool(0.5) {
        imageops::flip_horizontal_in_place(pixels);
    }
    if rng.random_bool(0.5) {
        imageops::flip_vertical_in_place(pixels);
    }
    if rng.random_bool(0.5) {
        *pixels = imageops::rotate90(pixels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn ramp(width: u32, height: u32) -> Photo {
        Photo::from_pixels(RgbImage::from_fn(width, height, |x, y| {
            Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 60])
        }))
    }

    #[test]
    fn the_same_seed_gives_the_same_view_and_another_seed_another() {
        let augmentation = Augmentation { least_crop: 0.4, strength: 1.0 };
        let photo = ramp(320, 240);
        assert_eq!(augmentation.view(&photo, 7), augmentation.view(&photo, 7));
        assert_ne!(augmentation.view(&photo, 7), augmentation.view(&photo, 8));
    }

    #[test]
    fn photos_of_any_size_give_a_square() {
        let augmentation = Augmentation { least_crop: 0.1, strength: 1.0 };
        for (width, height) in [(1, 1), (3, 700), (1039, 480), (2, 2)] {
            for seed in 0..20 {
                let view = augmentation.view(&ramp(width, height), seed);
                assert_eq!(view.width(), view.height());
            }
        }
    }

    #[test]
    fn without_strength_only_the_position_changes() {
        let augmentation = Augmentation { least_crop: 0.5, strength: 0.0 };
        let grey = Photo::from_pixels(RgbImage::from_pixel(64, 64, Rgb([128; 3])));
        for seed in 0..20 {
            let view = augmentation.view(&grey, seed);
            assert!(view.pixels().pixels().all(|pixel| pixel.0.iter().all(|value| value.abs_diff(128) <= 1)));
        }
    }
}
