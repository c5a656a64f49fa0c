//! Blur.

use image::RgbImage;
use rand::RngExt;
use rand::rngs::StdRng;

use super::scaled;
use crate::views::resize;

/// The mean over a disc, with the radius for a short side of 224 pixels.
pub(super) fn defocus(photo: &RgbImage, radius: f32) -> RgbImage {
    let radius = scaled(photo, radius);
    let reach = radius as i64;
    let taps: Vec<(i64, i64)> =
        (-reach..=reach).map(|dy| (dy, (radius * radius - (dy * dy) as f32).max(0.0).sqrt() as i64)).collect();
    let (width, height) = (i64::from(photo.width()), i64::from(photo.height()));
    let sums = row_sums(photo);
    let mut out = photo.clone();
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let (mut sum, mut count) = ([0; 3], 0);
        for (dy, half) in &taps {
            let row = (i64::from(y) + dy).clamp(0, height - 1) * (width + 1);
            let (left, right) = ((i64::from(x) - half).max(0), (i64::from(x) + half + 1).min(width));
            let (from, to) = (sums[(row + left) as usize], sums[(row + right) as usize]);
            for (sum, (to, from)) in sum.iter_mut().zip(to.into_iter().zip(from)) {
                *sum += to - from;
            }
            count += right - left;
        }
        pixel.0 = sum.map(|sum| (sum / count as u32) as u8);
    }
    out
}

/// For each row, the prefix sums of its pixels: one more than there are pixels.
fn row_sums(photo: &RgbImage) -> Vec<[u32; 3]> {
    let mut sums = Vec::with_capacity((photo.width() as usize + 1) * photo.height() as usize);
    for row in photo.rows() {
        let mut sum = [0; 3];
        sums.push(sum);
        for pixel in row {
            for (sum, value) in sum.iter_mut().zip(pixel.0) {
                *sum += u32::from(value);
            }
            sums.push(sum);
        }
    }
    sums
}

/// The mean along a line of that length (for a short side of 224 pixels) in a random direction.
pub(super) fn motion(photo: &RgbImage, length: f32, rng: &mut StdRng) -> RgbImage {
    let length = scaled(photo, length);
    let (sin, cos) = rng.random_range(0.0..std::f32::consts::PI).sin_cos();
    let steps = (length.round() as i32).max(1);
    let offsets: Vec<(i64, i64)> = (0..=steps)
        .map(|step| (step as f32 / steps as f32 - 0.5) * length)
        .map(|along| ((along * cos).round() as i64, (along * sin).round() as i64))
        .collect();
    let (right, bottom) = (i64::from(photo.width()) - 1, i64::from(photo.height()) - 1);
    let mut out = photo.clone();
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let mut sum = [0u32; 3];
        for (dx, dy) in &offsets {
            let (x, y) = ((i64::from(x) + dx).clamp(0, right), (i64::from(y) + dy).clamp(0, bottom));
            let seen = photo.get_pixel(x as u32, y as u32).0;
            for (sum, value) in sum.iter_mut().zip(seen) {
                *sum += u32::from(value);
            }
        }
        pixel.0 = sum.map(|sum| (sum / offsets.len() as u32) as u8);
    }
    out
}

/// The mean of the photo and ten enlargements of its centre, up to that factor.
pub(super) fn zoom(photo: &RgbImage, factor: f64) -> RgbImage {
    const STEPS: u32 = 10;
    let (width, height) = (f64::from(photo.width()), f64::from(photo.height()));
    let mut sums: Vec<u32> = photo.iter().map(|value| u32::from(*value)).collect();
    for step in 1..=STEPS {
        let part = 1.0 / (1.0 + (factor - 1.0) * f64::from(step) / f64::from(STEPS));
        let crop = [(1.0 - part) / 2.0 * width, (1.0 - part) / 2.0 * height, part * width, part * height];
        let enlarged = resize::crop_to(photo, crop, photo.dimensions());
        for (sum, value) in sums.iter_mut().zip(enlarged.iter()) {
            *sum += u32::from(*value);
        }
    }
    let mut out = photo.clone();
    for (value, sum) in out.iter_mut().zip(sums) {
        *value = (sum / (STEPS + 1)) as u8;
    }
    out
}
