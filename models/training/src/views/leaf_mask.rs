//! Segmentation of the leaf in a photo of one leaf on a plain background.

mod region;
mod surface;

use std::fmt;

use image::RgbImage;

use crate::views::resize;
use region::Region;
use surface::{Lab, Surface};

/// Shorter side in pixels at which the photo is segmented.
const SHORT_SIDE: u32 = 160;

/// Smallest and largest share of the photo that a leaf may cover.
const COVERED: [f64; 2] = [0.1, 0.9];

/// Largest share of the photo's border that a leaf may touch.
const BORDER: f64 = 0.4;

/// The leaf's mask.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafMask {
    region: Region,
}

/// Why there is no reliable mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NoMask {
    /// The region touches the border: it may be the background, or most of the leaf is outside of the photo.
    #[error("lies on over 40 % of the border")]
    AtBorder,
    /// The region covers too much of the photo.
    #[error("covers over 90 %")]
    TooLarge,
    /// The region covers too little to be a leaf.
    #[error("covers under 10 %")]
    TooSmall,
}

impl LeafMask {
    /// Finds the leaf: the largest connected region that differs in colour from a smooth surface fitted to the
    /// background, with small holes filled.
    ///
    /// The background is the most frequent colour of the border, with half weight for leaf colours; its surface is
    /// quadratic over the photo, so that uneven light counts as background. The threshold is Otsu's.
    ///
    /// # Errors
    /// [`NoMask`] if the region is unlikely to be the leaf.
    pub fn find(photo: &RgbImage) -> Result<Self, NoMask> {
        let small = resize::short_side(photo, SHORT_SIDE.min(photo.width().min(photo.height())));
        let colours: Vec<Lab> = small.pixels().map(|pixel| Lab::of(pixel.0)).collect();
        let distances = Surface::distances(&colours, small.width() as usize);
        let threshold = otsu(&distances).clamp(9.0, 22.0);
        let inside = distances.iter().map(|distance| *distance > threshold).collect();
        let mask = Self { region: Region::new(small.width() as usize, inside).largest_piece().fill_holes(0.01) };
        if mask.region.border_share() > BORDER {
            Err(NoMask::AtBorder)
        } else if mask.share() < COVERED[0] {
            Err(NoMask::TooSmall)
        } else if mask.share() > COVERED[1] {
            Err(NoMask::TooLarge)
        } else {
            Ok(mask)
        }
    }

    /// Share of the photo that the leaf covers.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.region.share()
    }

    /// The leaf's share of each pixel, 0 to 1, row by row, for the photo at that size. The edge is feathered and
    /// slightly inside the leaf, so that no rim of the old background remains.
    #[must_use]
    pub fn alpha(&self, width: u32, height: u32) -> Vec<f32> {
        let soft = self.region.blurred();
        let small = image::GrayImage::from_fn(self.region.width() as u32, self.region.height() as u32, |x, y| {
            image::Luma([(soft[y as usize * self.region.width() + x as usize] * 255.0) as u8])
        });
        let large = image::imageops::resize(&small, width, height, image::imageops::FilterType::Triangle);
        large.iter().map(|value| ((f32::from(*value) / 255.0 - 0.45) / 0.4).clamp(0.0, 1.0)).collect()
    }
}

impl fmt::Display for LeafMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a leaf on {:.0} % of the photo", 100.0 * self.share())
    }
}

/// The threshold with the smallest within-class variance (Otsu 1979), in 64 bins up to 64.
fn otsu(values: &[f32]) -> f32 {
    let mut bins = [0f64; 64];
    for value in values {
        bins[(*value as usize).min(63)] += 1.0;
    }
    let total: f64 = bins.iter().sum();
    let moment: f64 = bins.iter().enumerate().map(|(value, count)| value as f64 * count).sum();
    let (mut below, mut below_moment, mut best) = (0.0, 0.0, (0.0, 0));
    for (value, count) in bins.iter().enumerate() {
        below += count;
        below_moment += value as f64 * count;
        if below > 0.0 && below < total {
            let apart = below_moment / below - (moment - below_moment) / (total - below);
            let between = below * (total - below) * apart * apart;
            if between > best.0 {
                best = (between, value + 1);
            }
        }
    }
    best.1 as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A green ellipse on a background with a light gradient; `half` are its semi-axes relative to the photo's size.
    fn leaf(half: [f32; 2]) -> RgbImage {
        RgbImage::from_fn(320, 240, |x, y| {
            let (dx, dy) = (x as f32 / 320.0 - 0.5, y as f32 / 240.0 - 0.5);
            let light = 200 - (x / 4) as u8;
            let inside = (dx / half[0]).powi(2) + (dy / half[1]).powi(2) < 1.0;
            if inside { Rgb([60, 110, 40]) } else { Rgb([light, light, light + 10]) }
        })
    }

    #[test]
    fn an_ellipse_is_found_to_within_its_rim() {
        let mask = LeafMask::find(&leaf([0.4, 0.2])).unwrap();
        let area = std::f64::consts::PI * 0.4 * 0.2;
        assert!((mask.share() - area).abs() < 0.02, "{} {area}", mask.share());
        let alpha = mask.alpha(320, 240);
        assert_eq!(alpha[120 * 320 + 160], 1.0);
        assert_eq!(alpha[10 * 320 + 10], 0.0);
    }

    #[test]
    fn regions_that_are_unlikely_to_be_a_leaf_are_refused() {
        assert_eq!(LeafMask::find(&leaf([0.1, 0.1])), Err(NoMask::TooSmall));
        assert_eq!(LeafMask::find(&RgbImage::from_pixel(90, 90, Rgb([120, 120, 120]))), Err(NoMask::TooSmall));
        let split = RgbImage::from_fn(200, 200, |x, _| if x < 96 { Rgb([50, 120, 40]) } else { Rgb([220, 220, 225]) });
        assert_eq!(LeafMask::find(&split), Err(NoMask::AtBorder));
    }

    #[test]
    fn tiny_photos_are_refused_and_do_not_panic() {
        for (width, height) in [(1, 1), (1, 50), (3, 2)] {
            assert!(LeafMask::find(&RgbImage::from_pixel(width, height, Rgb([9, 200, 3]))).is_err());
        }
    }
}
