//! Image corruptions in five severities.
//!
//! They follow Hendrycks and Dietterich 2019 (arXiv 1903.12261, 'ImageNet-C'), with their severities where the
//! corruption is the same. Lengths are for a short side of 224 pixels and scale with the photo. Darkness, white balance
//! and shadow, which are frequent in orchards, are our additions; saturation only reduces colour, fog and shadow are
//! made from fractal value noise.

mod blur;
mod digital;
mod light;
mod noise;

use image::RgbImage;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};

/// A corruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corruption {
    /// Sensor noise in low light.
    GaussianNoise,
    /// Photon noise.
    ShotNoise,
    /// Pixels that are black or white.
    ImpulseNoise,
    /// Out of focus.
    DefocusBlur,
    /// Camera motion.
    MotionBlur,
    /// Camera motion towards the leaf.
    ZoomBlur,
    /// Mist.
    Fog,
    /// Overexposed.
    Brightness,
    /// Underexposed.
    Darkness,
    /// Flat light or a dirty lens.
    Contrast,
    /// Reduced saturation.
    Saturation,
    /// Wrong white balance.
    WhiteBalance,
    /// Shadows of branches.
    Shadow,
    /// Low resolution, enlarged.
    Pixelate,
    /// Recompression by a messenger.
    Jpeg,
}

impl Corruption {
    /// Every corruption, in the order of tables.
    pub const ALL: [Self; 15] = [
        Self::GaussianNoise,
        Self::ShotNoise,
        Self::ImpulseNoise,
        Self::DefocusBlur,
        Self::MotionBlur,
        Self::ZoomBlur,
        Self::Fog,
        Self::Brightness,
        Self::Darkness,
        Self::Contrast,
        Self::Saturation,
        Self::WhiteBalance,
        Self::Shadow,
        Self::Pixelate,
        Self::Jpeg,
    ];

    /// Number of severities, counted from 1.
    pub const SEVERITIES: usize = 5;

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GaussianNoise => "gaussian noise",
            Self::ShotNoise => "shot noise",
            Self::ImpulseNoise => "impulse noise",
            Self::DefocusBlur => "defocus blur",
            Self::MotionBlur => "motion blur",
            Self::ZoomBlur => "zoom blur",
            Self::Fog => "fog",
            Self::Brightness => "brightness",
            Self::Darkness => "darkness",
            Self::Contrast => "contrast",
            Self::Saturation => "saturation",
            Self::WhiteBalance => "white balance",
            Self::Shadow => "shadow",
            Self::Pixelate => "pixelate",
            Self::Jpeg => "JPEG",
        }
    }

    /// The corrupted photo, with the same size. The same photo, severity and seed give the same picture.
    ///
    /// `severity` is 1 (mild) to 5 (hard to recognise); values outside are clamped.
    #[must_use]
    pub fn apply(self, photo: &RgbImage, severity: usize, seed: u64) -> RgbImage {
        let level = severity.clamp(1, Self::SEVERITIES) - 1;
        let rng = &mut StdRng::seed_from_u64(seed ^ ((self as u64) << 8 | level as u64).wrapping_mul(0x9e37_79b9));
        match self {
            Self::GaussianNoise => noise::gaussian(photo, [0.08, 0.12, 0.18, 0.26, 0.38][level], rng),
            Self::ShotNoise => noise::shot(photo, [60.0, 25.0, 12.0, 5.0, 3.0][level], rng),
            Self::ImpulseNoise => noise::impulse(photo, [0.03, 0.06, 0.09, 0.17, 0.27][level], rng),
            Self::DefocusBlur => blur::defocus(photo, [3.0, 4.0, 6.0, 8.0, 10.0][level]),
            Self::MotionBlur => blur::motion(photo, [6.0, 10.0, 14.0, 20.0, 28.0][level], rng),
            Self::ZoomBlur => blur::zoom(photo, [1.11, 1.16, 1.21, 1.26, 1.33][level]),
            Self::Fog => light::fog(photo, [0.3, 0.4, 0.5, 0.6, 0.7][level], rng),
            Self::Brightness => light::expose(photo, [0.1, 0.2, 0.3, 0.4, 0.5][level]),
            Self::Darkness => light::underexpose(photo, [0.6, 0.45, 0.3, 0.2, 0.12][level]),
            Self::Contrast => light::contrast(photo, [0.4, 0.3, 0.2, 0.1, 0.05][level]),
            Self::Saturation => light::saturate(photo, [0.7, 0.5, 0.3, 0.15, 0.0][level]),
            Self::WhiteBalance => light::white_balance(photo, [0.1, 0.18, 0.27, 0.37, 0.5][level], rng),
            Self::Shadow => light::shadow(photo, [0.25, 0.4, 0.55, 0.7, 0.85][level], rng),
            Self::Pixelate => digital::pixelate(photo, [0.6, 0.5, 0.4, 0.3, 0.25][level]),
            Self::Jpeg => digital::jpeg(photo, [25, 18, 15, 10, 7][level]),
        }
    }
}

/// Converts a length for a short side of 224 pixels to this photo's pixels.
fn scaled(photo: &RgbImage, pixels: f32) -> f32 {
    pixels * photo.width().min(photo.height()) as f32 / 224.0
}

/// Applies a function of index and channels (0 to 1) to every pixel.
fn map(photo: &RgbImage, mut to: impl FnMut(usize, [f32; 3]) -> [f32; 3]) -> RgbImage {
    let mut out = photo.clone();
    for (place, pixel) in out.pixels_mut().enumerate() {
        pixel.0 = to(place, pixel.0.map(|value| f32::from(value) / 255.0)).map(byte);
    }
    out
}

/// Converts a channel from 0..=1 to 0..=255, clamped.
fn byte(value: f32) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A simple leaf: green with veins on grey, without values at the ends of the range.
    fn leaf(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let (dx, dy) = (x as f32 / width as f32 - 0.5, y as f32 / height as f32 - 0.5);
            let vein = ((x * 7 + y * 3) % 23 < 4) as u8 * 40;
            if dx * dx + 4.0 * dy * dy < 0.15 { Rgb([60 + vein, 120 + vein, 40]) } else { Rgb([170, 170, 180 - vein]) }
        })
    }

    fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
        a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum()
    }

    #[test]
    fn the_highest_severity_differs_most_from_the_clean_photo() {
        let clean = leaf(120, 90);
        for corruption in Corruption::ALL {
            let [mild, worst] = [1, 5].map(|severity| difference(&clean, &corruption.apply(&clean, severity, 7)));
            assert!(0.0 < mild && mild < worst, "{}: {mild} {worst}", corruption.name());
        }
    }

    #[test]
    fn corruptions_are_reproducible_and_depend_on_the_seed() {
        let clean = leaf(60, 80);
        for corruption in Corruption::ALL {
            let picture = |seed| corruption.apply(&clean, 3, seed);
            assert_eq!(picture(7), picture(7), "{}", corruption.name());
            let drawn = matches!(corruption, Corruption::GaussianNoise | Corruption::Fog | Corruption::Shadow);
            assert!(!drawn || picture(7) != picture(8), "{}", corruption.name());
        }
    }

    #[test]
    fn single_pixels_and_odd_sizes_keep_their_size() {
        for (width, height) in [(1, 1), (1, 37), (41, 1), (2, 3), (17, 31)] {
            let clean = leaf(width, height);
            for corruption in Corruption::ALL {
                for severity in [0, 1, 5, 9] {
                    let picture = corruption.apply(&clean, severity, 1);
                    assert_eq!(picture.dimensions(), (width, height), "{}", corruption.name());
                }
            }
        }
    }
}
