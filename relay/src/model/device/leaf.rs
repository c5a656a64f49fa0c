//! A generated picture of a leaf.

use image::{Rgb, RgbImage};

/// Side of the picture in pixels: about the input size of a phone's network.
const SIDE: u32 = 160;
/// Half the length of the leaf, as a share of the side.
const LENGTH: f32 = 0.46;
/// Half the largest width of the leaf, as a share of the side.
const WIDTH: f32 = 0.24;

/// A long oval leaf with veins and dark spots on a pale background. It has few colours, so that its PNG is small.
pub(super) fn picture() -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let [u, v] = [x, y].map(|place| (place as f32 + 0.5) / SIDE as f32 - 0.5);
        // The leaf is rotated, as on a photo.
        let (along, across) = (u + 0.25 * v, v - 0.25 * u);
        Rgb(colour(along, across))
    })
}

/// The colour at a point in the leaf's coordinates, from -0.5 to 0.5.
fn colour(along: f32, across: f32) -> [u8; 3] {
    let edge = WIDTH * (1.0 - (along / LENGTH).powi(2));
    let depth = edge - across.abs();
    if along.abs() > LENGTH || depth < 0.0 {
        return [206, 196, 178];
    }
    let spot = [(-0.21, 0.06, 0.045), (0.05, -0.1, 0.06), (0.16, 0.07, 0.035)]
        .iter()
        .map(|(x, y, radius)| ((along - x).hypot(across - y)) / radius)
        .fold(f32::INFINITY, f32::min);
    let side_vein = (along * 14.0 - across.abs() * 9.0).rem_euclid(1.0) < 0.08;
    match spot {
        ..0.6 => [52, 38, 26],
        ..1.0 => [112, 84, 40],
        _ if across.abs() < 0.008 => [176, 190, 110],
        _ if side_vein => [110, 150, 74],
        // Darker towards the midrib.
        _ => [58 + (depth * 60.0) as u8, 112 + (depth * 90.0) as u8, 44],
    }
}
