//! The number of pixels of a photo that are needed.

use mango_jpeg::Scale;

/// The size at which a photo is decoded: it may be scaled down as long as its shorter side keeps this many pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    /// Infinite if all pixels are needed.
    shorter_side: f64,
}

impl Detail {
    /// Every pixel.
    pub const ALL: Self = Self { shorter_side: f64::INFINITY };

    /// At least that many pixels on the shorter side, or all pixels of a smaller photo.
    #[must_use]
    pub fn shorter_side(pixels: f64) -> Self {
        Self { shorter_side: pixels }
    }

    /// The smallest scale at which a photo of that size keeps enough pixels.
    pub(super) fn scale(self, width: u32, height: u32) -> Scale {
        let shorter = f64::from(width.min(height));
        let suffices = |scale: &Scale| shorter * f64::from(scale.eighths()) / 8.0 >= self.shorter_side;
        Scale::ALL.into_iter().find(suffices).unwrap_or(Scale::Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_scale_that_suffices_is_taken() {
        let scale = |pixels, width, height| Detail::shorter_side(pixels).scale(width, height);
        assert_eq!(scale(448.0, 6000, 4000), Scale::Eighth);
        assert_eq!(scale(448.0, 4000, 3000), Scale::Quarter);
        assert_eq!(scale(448.0, 448 * 2, 9000), Scale::Half);
        assert_eq!(scale(448.0, 448 * 2 - 1, 9000), Scale::Full);
        assert_eq!(scale(448.0, 10, 10), Scale::Full);
        assert_eq!(Detail::ALL.scale(65_535, 65_535), Scale::Full);
    }
}
