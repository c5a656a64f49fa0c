//! The transformation from stored pixels to upright ones.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

/// The rotation and reflection that an EXIF block specifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn(Orientation);

impl Turn {
    pub(super) fn new(orientation: Orientation) -> Self {
        Self(orientation)
    }

    /// Whether it is the identity.
    pub(crate) fn is_none(self) -> bool {
        self.0 == Orientation::NoTransforms
    }

    /// The upright picture.
    pub(crate) fn apply(self, stored: RgbImage) -> RgbImage {
        let mut picture = DynamicImage::ImageRgb8(stored);
        picture.apply_orientation(self.0);
        picture.into_rgb8()
    }

    /// The upright width and height of a picture stored at that size.
    pub(super) fn size(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.is_sideways() { (height, width) } else { (width, height) }
    }

    /// The position of `[left, top, width, height]` of the upright picture in the stored one, which has that size.
    pub(crate) fn area(self, [left, top, width, height]: [f64; 4], stored: (u32, u32)) -> [f64; 4] {
        let (from_right, from_bottom) = if self.is_sideways() {
            (f64::from(stored.0) - top - height, f64::from(stored.1) - left - width)
        } else {
            (f64::from(stored.0) - left - width, f64::from(stored.1) - top - height)
        };
        match self.0 {
            Orientation::NoTransforms => [left, top, width, height],
            Orientation::FlipHorizontal => [from_right, top, width, height],
            Orientation::FlipVertical => [left, from_bottom, width, height],
            Orientation::Rotate180 => [from_right, from_bottom, width, height],
            Orientation::Rotate90 => [top, from_bottom, height, width],
            Orientation::Rotate270 => [from_right, left, height, width],
            // Rotation and flip together are a reflection at a diagonal.
            Orientation::Rotate90FlipH => [top, left, height, width],
            Orientation::Rotate270FlipH => [from_right, from_bottom, height, width],
        }
    }

    fn is_sideways(self) -> bool {
        matches!(
            self.0,
            Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use image::imageops::crop_imm;

    #[test]
    fn an_area_holds_the_same_pixels_before_and_after() {
        let stored = RgbImage::from_fn(11, 7, |x, y| Rgb([x as u8, y as u8, 0]));
        for exif in 1..=8 {
            let turn = Turn::new(Orientation::from_exif(exif).unwrap());
            let upright = turn.apply(stored.clone());
            assert_eq!(upright.dimensions(), turn.size(stored.dimensions()));
            let [left, top, width, height] =
                turn.area([1.0, 2.0, 3.0, 4.0], stored.dimensions()).map(|side| side as u32);
            let part = turn.apply(crop_imm(&stored, left, top, width, height).to_image());
            assert_eq!(part, crop_imm(&upright, 1, 2, 3, 4).to_image(), "EXIF {exif}");
        }
    }
}
