//! A heat map drawn over its photo.

use std::io;
use std::path::Path;

use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, resize, sample_bilinear};
use image::{ImageBuffer, ImageResult, Luma, RgbImage};
use mango_inference::{HeatMap, Photo, ViewArea};

use crate::output::replace::{Readers, replace};

/// Largest length of the picture's longer side, pixels.
const LONGER_SIDE: u32 = 1024;
/// Opacity of the colour at heat 1.
const OPACITY: f32 = 0.6;
/// Brightness outside the heat map.
const DIMMED: f32 = 0.4;
/// Dark violet, red, orange, light yellow: matplotlib's inferno without black. Lightness increases monotonically, so
/// that colour-blind people can read it.
const RAMP: [[f32; 3]; 4] = [[86.0, 16.0, 110.0], [187.0, 55.0, 84.0], [249.0, 140.0, 10.0], [252.0, 255.0, 164.0]];

/// The upright photo, scaled down if necessary, with the heat map over it. The area outside the heat map is
/// dimmed. None if the heat map's size does not match its values.
pub(super) fn draw(photo: &Photo, heatmap: &HeatMap) -> Option<RgbImage> {
    let size = [heatmap.width, heatmap.height].map(u32::try_from);
    let [Ok(width), Ok(height)] = size else { return None };
    let heat = ImageBuffer::<Luma<f32>, &[f32]>::from_raw(width, height, &heatmap.values)?;
    let ViewArea { left, top, width, height } = heatmap.view;
    let mut picture = shrunk(photo);
    let [columns, rows] = [picture.width(), picture.height()].map(|pixels| pixels as f32);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let u = ((x as f32 + 0.5) / columns - left) / width;
        let v = ((y as f32 + 0.5) / rows - top) / height;
        pixel.0 = match sample_bilinear(&heat, u, v) {
            Some(Luma([heat])) => mixed(pixel.0, colour(heat), OPACITY * heat),
            None => mixed(pixel.0, [0.0; 3], 1.0 - DIMMED),
        };
    }
    Some(picture)
}

/// Writes a PNG atomically.
pub(super) fn save(picture: &RgbImage, path: &Path) -> io::Result<()> {
    let encode = |picture: &RgbImage| -> ImageResult<Vec<u8>> {
        let mut png = Vec::new();
        picture.write_with_encoder(PngEncoder::new(&mut png))?;
        Ok(png)
    };
    replace(path, &encode(picture).map_err(io::Error::other)?, Readers::AsUsual)
}

fn shrunk(photo: &Photo) -> RgbImage {
    let (width, height) = (photo.width(), photo.height());
    let longer = width.max(height);
    if longer <= LONGER_SIDE {
        return photo.pixels().clone();
    }
    let shrink = |side: u32| ((f64::from(side) * f64::from(LONGER_SIDE) / f64::from(longer)).round() as u32).max(1);
    resize(photo.pixels(), shrink(width), shrink(height), FilterType::Triangle)
}

/// The ramp's colour for a heat from 0 to 1.
fn colour(heat: f32) -> [f32; 3] {
    let place = heat.clamp(0.0, 1.0) * (RAMP.len() - 1) as f32;
    let below = (place as usize).min(RAMP.len() - 2);
    std::array::from_fn(|c| RAMP[below][c] + (RAMP[below + 1][c] - RAMP[below][c]) * (place - below as f32))
}

fn mixed(pixel: [u8; 3], colour: [f32; 3], share: f32) -> [u8; 3] {
    std::array::from_fn(|c| (f32::from(pixel[c]) * (1.0 - share) + colour[c] * share).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn hot_pixels_are_coloured_and_pixels_outside_the_view_dimmed() {
        let photo = Photo::from_pixels(RgbImage::from_pixel(40, 20, Rgb([50, 120, 60])));
        // The heat is in the right half of the centred square.
        let view = ViewArea { left: 0.25, top: 0.0, width: 0.5, height: 1.0 };
        let heatmap = HeatMap { width: 2, height: 1, values: vec![0.0, 1.0], view };
        let picture = draw(&photo, &heatmap).unwrap();
        assert_eq!(picture.dimensions(), (40, 20));
        assert_eq!(picture.get_pixel(5, 10).0, [20, 48, 24]);
        assert_eq!(picture.get_pixel(35, 10).0, [20, 48, 24]);
        assert_eq!(picture.get_pixel(11, 10).0, [50, 120, 60]);
        assert_eq!(picture.get_pixel(29, 10).0, mixed([50, 120, 60], RAMP[3], OPACITY));
    }

    #[test]
    fn a_large_photo_is_scaled_down_and_keeps_its_aspect_ratio() {
        let heatmap =
            HeatMap { width: 1, height: 1, values: vec![0.0], view: mango_inference::View::Squash.area(1, 1) };
        for ((width, height), expected) in [((2048, 1000), (1024, 500)), ((3, 3000), (1, 1024)), ((900, 7), (900, 7))] {
            let photo = Photo::from_pixels(RgbImage::new(width, height));
            assert_eq!(draw(&photo, &heatmap).unwrap().dimensions(), expected);
        }
    }

    #[test]
    fn the_colour_ramp_increases_in_lightness() {
        let lightness = |heat: u8| {
            let [r, g, b] = colour(f32::from(heat) / 255.0);
            0.299 * r + 0.587 * g + 0.114 * b
        };
        assert!((0..255).all(|heat| lightness(heat) < lightness(heat + 1)));
    }
}
