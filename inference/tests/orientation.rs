//! Every EXIF orientation is decoded to an upright photo.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use mango_inference::{Photo, Preprocessing, View};

const COLOURS: [[u8; 3]; 4] = [[220, 30, 30], [30, 200, 30], [30, 30, 220], [230, 220, 40]];

/// For each EXIF orientation 1 to 8, the stored quadrants (0 1 / 2 3) in upright order: top left, top right, bottom
/// left, bottom right (EXIF 2.32, tag 0x0112).
const SEEN: [[usize; 4]; 8] =
    [[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2]];

/// A TIFF block with the orientation as its only entry.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

fn stored(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(
        width,
        height,
        |x, y| Rgb(COLOURS[usize::from(x >= width / 2) + 2 * usize::from(y >= height / 2)]),
    )
}

fn encode(mut encoder: impl ImageEncoder, orientation: u8) {
    let picture = stored(64, 32);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    encoder.write_image(&picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
}

#[test]
fn every_orientation_of_every_format_is_decoded_upright() {
    for orientation in 1..=8u8 {
        for format in ["jpeg", "png", "webp"] {
            let mut file = Cursor::new(Vec::new());
            match format {
                "jpeg" => encode(JpegEncoder::new_with_quality(&mut file, 95), orientation),
                "png" => encode(PngEncoder::new(&mut file), orientation),
                _ => encode(WebPEncoder::new_lossless(&mut file), orientation),
            }
            let photo = Photo::decode(file.get_ref()).unwrap();
            let expected_size = if orientation < 5 { (64, 32) } else { (32, 64) };
            assert_eq!((photo.width(), photo.height()), expected_size, "{format} {orientation}");
            let (right, bottom) = (photo.width() * 3 / 4, photo.height() * 3 / 4);
            let corners = [(8, 8), (right, 8), (8, bottom), (right, bottom)];
            for ((x, y), quadrant) in corners.into_iter().zip(SEEN[usize::from(orientation) - 1]) {
                let found = photo.pixels().get_pixel(x, y).0;
                let off = found.iter().zip(COLOURS[quadrant]).map(|(a, b)| a.abs_diff(b)).max();
                assert!(off <= Some(12), "{format} {orientation} at {x},{y}: {found:?} is not {:?}", COLOURS[quadrant]);
            }
        }
    }
}

#[test]
fn the_network_input_does_not_depend_on_the_stored_orientation() {
    for orientation in 1..=8u8 {
        let mut file = Cursor::new(Vec::new());
        encode(PngEncoder::new(&mut file), orientation);
        let turned = Photo::decode(file.get_ref()).unwrap();
        let upright = Photo::from_pixels(turned.pixels().clone());
        for view in [View::Squash, View::CentreCrop { fraction: 0.875 }] {
            let preprocessing = Preprocessing::efficientnet_lite(24, view);
            let inputs = preprocessing
                .embedding_views(&turned)
                .unwrap()
                .into_iter()
                .zip(preprocessing.embedding_views(&upright).unwrap());
            for (number, (found, expected)) in inputs.enumerate() {
                // Rows or columns are resized first, with rounding in between.
                let off = found.pixels().iter().zip(expected.pixels()).map(|(a, b)| a.abs_diff(*b)).max();
                assert!(off <= Some(1), "orientation {orientation}, {view:?}, input {number}: {off:?}");
            }
        }
    }
}
