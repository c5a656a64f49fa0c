//! Generated pictures in every format that a phone may send.

use std::error::Error;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, Luma, Rgb, RgbImage, Rgba, RgbaImage};

type Photos = Result<Vec<(String, Vec<u8>)>, Box<dyn Error>>;

/// The name of a small JPEG of a leaf, upright.
pub(crate) const LEAF: &str = "jpeg, 640 x 480";

/// All pictures with their names: formats, EXIF orientations, odd sizes, pixel formats.
pub(crate) fn all() -> Photos {
    let mut photos = Vec::new();
    for orientation in 1..=8 {
        for format in ["jpeg", "png", "webp"] {
            let file = encode(&leaf(97, 61), format, orientation)?;
            photos.push((format!("{format}, EXIF orientation {orientation}"), file));
        }
    }
    for (width, height) in [(1, 1), (1, 700), (193, 2), (191, 193), (640, 480), (2999, 2001)] {
        for format in ["jpeg", "png", "webp"] {
            if width > 2000 && format == "webp" {
                continue;
            }
            photos.push((format!("{format}, {width} x {height}"), encode(&leaf(width, height), format, 1)?));
        }
    }
    photos.push(("jpeg, 12 megapixels".to_owned(), encode(&leaf(4000, 3000), "jpeg", 6)?));
    photos.push(("grey jpeg".to_owned(), grey()?));
    photos.push(("png with transparency".to_owned(), transparent()?));
    photos.push(("16-bit png".to_owned(), deep()?));
    Ok(photos)
}

/// An oval with veins and spots on a grainy background: edges, gradients and noise in one picture.
fn leaf(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height) - 0.5);
        let grain = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0x27D4_EB2F) >> 28;
        let shade = grain as u8;
        if u * u / 0.16 + v * v / 0.05 > 1.0 {
            return Rgb([150 + shade, 120 + shade, 100 + shade]);
        }
        let spot = (u * 37.0).sin() * (v * 53.0).sin() > 0.8;
        let vein = v.abs() < 0.01 || (u * 4.0 + v.abs() * 6.0).fract().abs() < 0.05;
        match (spot, vein) {
            (true, _) => Rgb([70 + shade, 45, 20]),
            (_, true) => Rgb([150, 190, 90 + shade]),
            _ => Rgb([40 + shade, 110 + shade, 30]),
        }
    })
}

fn encode(picture: &RgbImage, format: &str, orientation: u8) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = Cursor::new(Vec::new());
    match format {
        "jpeg" => write(JpegEncoder::new_with_quality(&mut file, 88), picture, orientation)?,
        "png" => write(PngEncoder::new(&mut file), picture, orientation)?,
        _ => write(WebPEncoder::new_lossless(&mut file), picture, orientation)?,
    }
    Ok(file.into_inner())
}

fn write(mut encoder: impl ImageEncoder, picture: &RgbImage, orientation: u8) -> Result<(), Box<dyn Error>> {
    encoder.set_exif_metadata(exif(orientation))?;
    encoder.write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)?;
    Ok(())
}

/// A TIFF block with the orientation as its only entry.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

fn grey() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = Cursor::new(Vec::new());
    let picture = image::GrayImage::from_fn(320, 200, |x, y| Luma([((x + y) / 3) as u8]));
    JpegEncoder::new_with_quality(&mut file, 75).encode_image(&picture)?;
    Ok(file.into_inner())
}

fn transparent() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = Cursor::new(Vec::new());
    let picture = RgbaImage::from_fn(120, 90, |x, y| Rgba([30, 140, 40, (x * y % 256) as u8]));
    picture.write_to(&mut file, image::ImageFormat::Png)?;
    Ok(file.into_inner())
}

fn deep() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = Cursor::new(Vec::new());
    let picture = image::ImageBuffer::from_fn(90, 120, |x, y| Rgb([(x * 700) as u16, (y * 500) as u16, 30_000u16]));
    image::DynamicImage::ImageRgb16(picture).write_to(&mut file, image::ImageFormat::Png)?;
    Ok(file.into_inner())
}
