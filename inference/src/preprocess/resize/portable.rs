//! The same resize without SIMD, bit-identical to `fast_image_resize` 6.1 for 8-bit RGB.
//!
//! On wasm that crate uses SIMD128 regardless of the target's features, so a module for engines without SIMD cannot use
//! it.

use std::ops::Range;

use image::RgbImage;

use crate::preprocess::ResizeError;

/// Channels per pixel.
const CHANNELS: usize = 3;

/// Maximum fractional bits of a weight: sums of 8-bit values keep two bits in reserve.
const MOST_PRECISION: u32 = 32 - 8 - 2;

/// Weights are less than 1 << this.
const WEIGHT_BITS: u32 = 15;

/// The part `[left, top, width, height]` of a photo, in pixels, as RGB of `size` x `size` pixels.
///
/// # Errors
/// The part is outside of the photo.
pub(in super::super) fn resize(photo: &RgbImage, part: [f64; 4], size: u32) -> Result<Vec<u8>, ResizeError> {
    let [left, top, width, height] = part;
    let (photo_width, photo_height) = (f64::from(photo.width()), f64::from(photo.height()));
    if size == 0 || width == 0.0 || height == 0.0 {
        return Ok(vec![0; CHANNELS * size as usize * size as usize]);
    }
    let inside = left >= 0.0 && top >= 0.0 && left < photo_width && top < photo_height;
    if !(inside && width > 0.0 && height > 0.0 && left + width <= photo_width && top + height <= photo_height) {
        return Err(ResizeError("the part is outside of the photo".to_owned()));
    }
    let across = Weights::needed(photo.width(), left, width, size);
    let down = Weights::needed(photo.height(), top, height, size);
    let columns = across.as_ref().map_or(left as usize..left as usize + size as usize, Weights::covered);
    // Rows first, over the columns that are used, rounded to 8 bits in between.
    let rows = photo.as_raw().chunks_exact(CHANNELS * photo.width() as usize);
    let part = CHANNELS * columns.start..CHANNELS * columns.end;
    let rows: Vec<&[u8]> = rows.map(|row| &row[part.clone()]).collect();
    let narrow: Vec<u8> = match down {
        Some(down) => down.mix_rows(&rows),
        None => rows[top as usize..][..size as usize].concat(),
    };
    Ok(match across {
        Some(across) => across.mix_columns(&narrow, columns),
        None => narrow,
    })
}

/// The weight of each source line (row or column) in each line of the output.
struct Weights {
    /// Fractional bits.
    precision: u32,
    windows: Vec<Window>,
}

/// The source lines of one output line.
struct Window {
    first: usize,
    weights: Vec<i32>,
}

impl Weights {
    /// The weights for `part` of the `source` lines from `start` on; `None` if the lines are copied unchanged.
    fn needed(source: u32, start: f64, part: f64, size: u32) -> Option<Self> {
        (f64::from(size) != part || start != start.round()).then(|| Self::new(source, start, part, size))
    }

    fn new(source: u32, start: f64, part: f64, size: u32) -> Self {
        // Computed from the ends, like the crate: `part` itself may be rounded differently.
        let scale = ((start + part) - start) / f64::from(size);
        let radius = scale.max(1.0);
        let windows: Vec<_> = (0..size).map(|line| triangle(source, start, scale, radius, line)).collect();
        let largest = windows.iter().flat_map(|(_, weights)| weights).fold(0.0, |most: f64, weight| most.max(*weight));
        let precision = precision(largest);
        let unit = f64::from(1u32 << precision);
        let fixed = |(first, weights): (usize, Vec<f64>)| Window {
            first,
            weights: weights.into_iter().map(|weight| (weight * unit).round() as i32).collect(),
        };
        Self { precision, windows: windows.into_iter().map(fixed).collect() }
    }

    /// The source lines with nonzero weight.
    fn covered(&self) -> Range<usize> {
        let first = self.windows.first().map_or(0, |window| window.first);
        first..self.windows.last().map_or(first, |window| window.first + window.weights.len())
    }

    /// Rows of the output, each a weighted sum of rows.
    fn mix_rows(&self, rows: &[&[u8]]) -> Vec<u8> {
        let width = rows.first().map_or(0, |row| row.len());
        let mut mixed = Vec::with_capacity(self.windows.len() * width);
        let mut sums = vec![0; width];
        for window in &self.windows {
            sums.fill(self.half());
            for (row, weight) in rows[window.first..].iter().zip(&window.weights) {
                for (sum, value) in sums.iter_mut().zip(*row) {
                    *sum += i32::from(*value) * weight;
                }
            }
            mixed.extend(sums.iter().map(|sum| self.rounded(*sum)));
        }
        mixed
    }

    /// The same for columns, from rows with the source columns `columns`.
    fn mix_columns(&self, rows: &[u8], columns: Range<usize>) -> Vec<u8> {
        let mut mixed = Vec::new();
        for row in rows.chunks_exact((CHANNELS * columns.len()).max(1)) {
            for window in &self.windows {
                let pixels = row[CHANNELS * (window.first - columns.start)..].chunks_exact(CHANNELS);
                let mut sums = [self.half(); CHANNELS];
                for (pixel, weight) in pixels.zip(&window.weights) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum += i32::from(*value) * weight;
                    }
                }
                mixed.extend(sums.map(|sum| self.rounded(sum)));
            }
        }
        mixed
    }

    /// The initial value of sums, so that they are rounded and not truncated.
    fn half(&self) -> i32 {
        1 << (self.precision - 1)
    }

    fn rounded(&self, sum: i32) -> u8 {
        (sum >> self.precision).clamp(0, 255) as u8
    }
}

/// The first source line of an output line and the weights from there on, which sum to 1.
fn triangle(source: u32, start: f64, scale: f64, radius: f64, line: u32) -> (usize, Vec<f64>) {
    let centre = start + (f64::from(line) + 0.5) * scale;
    let first = (centre - radius).floor().max(0.0) as u32;
    let end = (centre + radius).ceil().min(f64::from(source)) as u32;
    let (centre, narrowing) = (centre - 0.5, 1.0 / radius);
    let weight = |line: u32| (1.0 - ((f64::from(line) - centre) * narrowing).abs()).max(0.0);
    let mut weights: Vec<f64> = (first..end).map(weight).collect();
    let zeros = weights.iter().take_while(|weight| **weight == 0.0).count();
    weights.drain(..zeros);
    let total: f64 = weights.iter().fold(0.0, |total, weight| total + weight);
    let kept = weights.iter().rposition(|weight| *weight != 0.0).map_or(0, |last| last + 1);
    weights.truncate(kept);
    if total != 0.0 {
        weights.iter_mut().for_each(|weight| *weight /= total);
    }
    (first as usize + zeros, weights)
}

/// The number of fractional bits for the largest weight.
fn precision(largest: f64) -> u32 {
    let fits = |bits: u32| (largest * f64::from(1u32 << bits)).round() < f64::from(1u32 << WEIGHT_BITS);
    (1..MOST_PRECISION).take_while(|bits| fits(*bits)).last().unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::simd;
    use super::*;
    use image::Rgb;
    use proptest::prelude::*;

    fn noise(width: u32, height: u32, seed: u32) -> RgbImage {
        let mut state = seed | 1;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 8) as u8
        };
        RgbImage::from_fn(width, height, |_, _| Rgb([next(), next(), next()]))
    }

    /// A range within `0..length`: the whole, at whole pixels, or at any position.
    fn stretch(length: u32, kind: u8, [from, to]: [f64; 2]) -> [f64; 2] {
        let whole = f64::from(length);
        let [start, end] = [from.min(to) * whole, (from.max(to) * whole).max(0.01)];
        match kind {
            0 => [0.0, whole],
            1 => [start.floor(), (end.ceil() - start.floor()).max(1.0)],
            _ => [start.min(whole - 0.01), end - start.min(end - 0.01)],
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn every_pixel_equals_the_crates(
            (width, height) in (1..200u32, 1..200u32),
            size in 1..100u32,
            kinds in [0..3u8, 0..3u8],
            ends in [[0.0..1.0f64, 0.0..1.0f64], [0.0..1.0f64, 0.0..1.0f64]],
            seed in any::<u32>(),
        ) {
            let photo = noise(width, height, seed);
            let [left, part_width] = stretch(width, kinds[0], ends[0]);
            let [top, part_height] = stretch(height, kinds[1], ends[1]);
            let part = [left, top, part_width, part_height];
            match (resize(&photo, part, size), simd::resize(&photo, part, size)) {
                (Ok(found), Ok(expected)) => prop_assert_eq!(found, expected),
                (Err(_), Err(_)) => {}
                (found, expected) => prop_assert!(false, "{found:?} is not {expected:?}"),
            }
        }

        #[test]
        fn a_part_of_the_output_size_is_copied(left in 0..9u32, top in 0..9u32, size in 1..20u32) {
            let photo = noise(40, 40, 7);
            let part = [left, top, size, size].map(f64::from);
            prop_assert_eq!(resize(&photo, part, size).unwrap(), simd::resize(&photo, part, size).unwrap());
        }
    }

    #[test]
    fn a_part_outside_of_the_photo_is_refused() {
        let photo = noise(10, 10, 1);
        for part in [[10.0, 0.0, 1.0, 1.0], [0.0, 0.0, 10.5, 1.0], [-1.0, 0.0, 2.0, 2.0], [0.0, 0.0, f64::NAN, 1.0]] {
            assert!(resize(&photo, part, 4).is_err(), "{part:?}");
        }
    }
}
