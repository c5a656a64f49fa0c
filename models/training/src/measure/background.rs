//! Synthetic backgrounds for leaves.

use image::{Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::views::backdrop::mix;
use crate::views::texture::fractal;

/// A background made from noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Brown, grainy.
    Soil,
    /// Blue to white, with thin clouds.
    Sky,
    /// Green blotches, light and dark.
    Foliage,
    /// Grey, finely grained.
    Concrete,
}

impl Ground {
    /// Every background, in the order of tables.
    pub const ALL: [Self; 4] = [Self::Soil, Self::Sky, Self::Foliage, Self::Concrete];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Soil => "soil",
            Self::Sky => "sky",
            Self::Foliage => "foliage",
            Self::Concrete => "concrete",
        }
    }

    /// Paints the background; the same seed gives the same picture.
    #[must_use]
    pub fn paint(self, width: u32, height: u32, seed: u64) -> RgbImage {
        let rng = &mut StdRng::seed_from_u64(seed);
        let coarse = fractal(width, height, 0.4, 4, rng);
        let fine = fractal(width, height, 0.03, 2, rng);
        let light: f32 = rng.random_range(0.75..1.15);
        RgbImage::from_fn(width, height, |x, y| {
            let place = (y * width + x) as usize;
            let (coarse, fine, down) = (coarse[place], fine[place], y as f32 / height as f32);
            let colour = match self {
                Self::Soil => mix([62.0, 44.0, 32.0], [150.0, 116.0, 86.0], 0.4 * coarse + 0.6 * fine),
                Self::Sky => mix([96.0, 148.0, 214.0], [222.0, 232.0, 242.0], 0.6 * down + 0.4 * coarse * coarse),
                Self::Foliage => {
                    let leaf = ((coarse - 0.45) / 0.1).clamp(0.0, 1.0);
                    mix([24.0, 46.0, 18.0], [112.0, 148.0, 58.0], 0.75 * leaf + 0.25 * fine)
                }
                Self::Concrete => mix([118.0, 118.0, 116.0], [186.0, 184.0, 180.0], 0.5 * coarse + 0.5 * fine),
            };
            Rgb(colour.map(|value| (value * light).clamp(0.0, 255.0) as u8))
        })
    }
}

/// The picture with its leaf painted over: each row is interpolated between the background left and right of the leaf.
/// Rows without background copy the nearest row that has some.
#[must_use]
pub fn without_leaf(picture: &RgbImage, alpha: &[f32]) -> RgbImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let clear = |x: usize, y: usize| alpha[y * width + x] == 0.0;
    // Two pixels from the edge the picture is certainly background; at the edge it is half leaf.
    let sure = |x: usize, y: usize| (x.saturating_sub(2)..(x + 3).min(width)).all(|x| clear(x, y));
    let mut out = picture.clone();
    let mut bare = Vec::new();
    for y in 0..height {
        let known: Vec<usize> = (0..width).filter(|x| sure(*x, y)).collect();
        if known.is_empty() {
            bare.push(y);
        }
        for (x, left, right) in gaps(&known, width) {
            let colour = |x: usize| picture.get_pixel(x as u32, y as u32).0.map(f32::from);
            let share = if right > left { (x - left.min(x)) as f32 / (right - left) as f32 } else { 0.0 };
            out.put_pixel(x as u32, y as u32, Rgb(mix(colour(left), colour(right), share).map(|value| value as u8)));
        }
    }
    for y in &bare {
        let nearest = (0..height).filter(|row| !bare.contains(row)).min_by_key(|row| row.abs_diff(*y));
        for x in 0..width {
            let colour = *out.get_pixel(x as u32, nearest.unwrap_or(*y) as u32);
            out.put_pixel(x as u32, *y as u32, colour);
        }
    }
    out
}

/// Each unknown position with the known ones left and right of it; beyond the ends, the last known one twice.
fn gaps(known: &[usize], width: usize) -> Vec<(usize, usize, usize)> {
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return Vec::new() };
    let before = (0..*first).map(|x| (x, *first, *first));
    let between = known.windows(2).flat_map(|pair| (pair[0] + 1..pair[1]).map(|x| (x, pair[0], pair[1])));
    before.chain(between).chain((last + 1..width).map(|x| (x, *last, *last))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::backdrop::lay;

    #[test]
    fn backgrounds_differ_and_are_reproducible() {
        let pictures = Ground::ALL.map(|ground| ground.paint(40, 30, 5));
        for (i, ground) in Ground::ALL.into_iter().enumerate() {
            assert_eq!(pictures[i], ground.paint(40, 30, 5), "{}", ground.name());
            assert!(pictures[..i].iter().all(|earlier| *earlier != pictures[i]), "{}", ground.name());
        }
    }

    #[test]
    fn the_leaf_is_painted_over_with_the_surrounding_background() {
        let picture = RgbImage::from_fn(21, 9, |x, y| {
            if (6..15).contains(&x) && y > 2 { Rgb([0, 200, 0]) } else { Rgb([100 + x as u8, 50, 50]) }
        });
        let alpha: Vec<f32> = picture.pixels().map(|pixel| if pixel.0[1] == 200 { 1.0 } else { 0.0 }).collect();
        let bare = without_leaf(&picture, &alpha);
        assert!(
            bare.enumerate_pixels().all(|(x, _, pixel)| pixel.0[0].abs_diff(100 + x as u8) <= 1 && pixel.0[1] == 50)
        );
        assert_eq!(lay(&picture, &alpha, &bare), picture);
        let all_leaf = without_leaf(&picture, &vec![1.0; alpha.len()]);
        assert_eq!(all_leaf, picture);
    }
}
