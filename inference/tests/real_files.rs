//! Photo files with the properties of those that phones, cameras and tools write.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage,
};
use mango_inference::{OtherFormat, Photo, PhotoError, PhotoLimits, Preprocessing, View};

/// The relay's preprocessing.
fn preprocessing() -> Preprocessing {
    Preprocessing::efficientnet_lite(224, View::CentreCrop { fraction: 1.0 })
}

fn picture() -> RgbImage {
    RgbImage::from_fn(64, 32, |x, y| Rgb([(x * 3) as u8, (y * 7) as u8, (x ^ y) as u8]))
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A grey gradient, which encodes quickly.
fn large_jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = GrayImage::from_fn(width, height, |x, y| Luma([((x + y) / 64) as u8]));
    encode(&picture.into(), ImageFormat::Jpeg)
}

/// A TIFF block with the orientation as its only entry.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

/// A JPEG with these EXIF segments, in order.
fn jpeg_with_exif(blocks: &[&[u8]]) -> Vec<u8> {
    let jpeg = encode(&picture().into(), ImageFormat::Jpeg);
    let segments = blocks.iter().map(|block| {
        let payload = [b"Exif\0\0", *block].concat();
        [&[0xFF, 0xE1], &(payload.len() as u16 + 2).to_be_bytes()[..], &payload].concat()
    });
    [&jpeg[..2], &segments.collect::<Vec<_>>().concat(), &jpeg[2..]].concat()
}

/// A lossless WebP with an extended header of these flags, and these chunks after the frame.
fn webp(flags: u8, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let simple = encode(&picture().into(), ImageFormat::WebP);
    let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    file.extend([flags, 0, 0, 0, 63, 0, 0, 31, 0, 0]);
    file.extend(&simple[12..]);
    for (name, payload) in chunks {
        file.extend(*name);
        file.extend((payload.len() as u32).to_le_bytes());
        file.extend(*payload);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    let size = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    file
}

fn size(bytes: &[u8]) -> (u32, u32) {
    let photo = Photo::decode(bytes).unwrap();
    (photo.width(), photo.height())
}

#[test]
fn photos_of_phones_are_accepted_by_default_and_decoded_small() {
    for ((width, height), decoded) in
        [((5712, 4284), (714, 536)), ((8064, 6048), (1008, 756)), ((4000, 3000), (1000, 750))]
    {
        let limits = PhotoLimits::default().with_detail(preprocessing().detail());
        let photo = Photo::decode_within(&large_jpeg(width, height), limits).unwrap();
        assert_eq!((photo.width(), photo.height()), (width, height));
        assert_eq!(photo.pixels().dimensions(), decoded);
    }
}

#[test]
fn the_limit_of_pixels_can_be_raised() {
    let bytes = large_jpeg(12_000, 4_200);
    let limits = PhotoLimits::default().with_detail(preprocessing().detail());
    let error = Photo::decode_within(&bytes, limits).unwrap_err();
    assert_eq!(error, PhotoError::TooLarge { width: 12_000, height: 4_200, max_pixels: 50_000_000 });
    let raised = PhotoLimits { max_pixels: PhotoLimits::MOST_PIXELS, ..limits };
    assert_eq!(Photo::decode_within(&bytes, raised).unwrap().width(), 12_000);
}

#[test]
fn memory_is_limited_in_every_format() {
    let picture = DynamicImage::from(RgbaImage::from_pixel(300, 200, Rgba([9, 99, 9, 99])));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let bytes = encode(&picture, format);
        let limits = PhotoLimits { max_alloc: 300 * 200 * 3, ..PhotoLimits::default() };
        let error = Photo::decode_within(&bytes, limits).unwrap_err();
        assert_eq!(error, PhotoError::TooMuchMemory { width: 300, height: 200 }, "{format:?}");
    }
    let bytes = encode(&picture.into_rgb8().into(), ImageFormat::Jpeg);
    let limits = PhotoLimits { max_alloc: 300 * 200 * 3, ..PhotoLimits::default() };
    assert_eq!(Photo::decode_within(&bytes, limits), Err(PhotoError::TooMuchMemory { width: 300, height: 200 }));
    // The same photo at a smaller scale fits.
    let small = limits.with_detail(Preprocessing::efficientnet_lite(32, View::Squash).detail());
    assert_eq!(Photo::decode_within(&bytes, small).unwrap().pixels().dimensions(), (150, 100));
}

#[test]
fn the_network_input_hardly_depends_on_the_decoded_size() {
    let grain =
        |x: u32, y: u32| (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0x27D4_EB2F) >> 28;
    let leaf = |x: u32, y: u32| {
        let (u, v) = (f64::from(x) / 900.0, f64::from(y) / 700.0);
        let shade = (100.0 + 60.0 * (u * 9.0).sin() + 60.0 * (v * 11.0).cos()) as u32 + grain(x, y);
        Rgb([shade as u8, (shade / 2 + 90) as u8, (255 - shade) as u8])
    };
    for orientation in [1, 6] {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        let picture = RgbImage::from_fn(1803, 1401, leaf);
        encoder.write_image(&picture, 1803, 1401, ExtendedColorType::Rgb8).unwrap();
        let whole = Photo::decode(bytes.get_ref()).unwrap();
        for (size, decoded) in [(224, 901), (96, 451), (64, 226)] {
            for view in [View::Squash, View::CentreCrop { fraction: 0.875 }] {
                let preprocessing = Preprocessing::efficientnet_lite(size, view);
                let limits = PhotoLimits::default().with_detail(preprocessing.detail());
                let small = Photo::decode_within(bytes.get_ref(), limits).unwrap();
                assert!(small.pixels().width().max(small.pixels().height()).abs_diff(decoded) <= 1);
                let (found, expected) = (preprocessing.apply(&small).unwrap(), preprocessing.apply(&whole).unwrap());
                let differences = found.pixels().iter().zip(expected.pixels()).map(|(a, b)| a.abs_diff(*b));
                let mean = differences.clone().map(f64::from).sum::<f64>() / found.pixels().len() as f64;
                let most = differences.max().unwrap();
                assert!(mean < 0.8 && most <= 6, "{size}, {view:?}: {mean} on average, {most} at most");
            }
        }
    }
}

#[test]
fn the_first_exif_block_with_an_orientation_is_applied() {
    let (six, one) = (exif(6), exif(1));
    assert_eq!(size(&jpeg_with_exif(&[&six, b"the block goes on"])), (32, 64));
    assert_eq!(size(&jpeg_with_exif(&[&six, &one])), (32, 64));
    assert_eq!(size(&jpeg_with_exif(&[&one, &six])), (64, 32));
    assert_eq!(size(&jpeg_with_exif(&[b"", &six])), (32, 64));
    assert_eq!(size(&jpeg_with_exif(&[&six[..10], &six])), (32, 64));
    assert_eq!(size(&jpeg_with_exif(&[])), (64, 32));
}

#[test]
fn the_orientation_may_be_a_long_integer() {
    let mut long = exif(6);
    long[12] = 4;
    assert_eq!(size(&jpeg_with_exif(&[&long])), (32, 64));
}

#[test]
fn the_exif_of_a_png_may_follow_the_picture() {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.write_image(&picture(), 64, 32, ExtendedColorType::Rgb8).unwrap();
    let mut png = bytes.into_inner();
    assert_eq!(size(&png), (32, 64));
    // A chunk has 12 bytes beside its payload; the last chunk has no payload.
    let start = png.windows(4).position(|name| name == b"eXIf").unwrap() - 4;
    let chunk: Vec<u8> = png.drain(start..start + 12 + exif(6).len()).collect();
    let end = png.len() - 12;
    png.splice(end..end, chunk);
    assert!(png.windows(4).position(|name| name == b"IDAT") < png.windows(4).position(|name| name == b"eXIf"));
    assert_eq!(size(&png), (32, 64));
}

#[test]
fn the_exif_of_a_webp_may_have_the_prefix_of_a_jpeg() {
    let prefixed = [b"Exif\0\0", exif(6).as_slice()].concat();
    assert_eq!(size(&webp(0x08, &[(b"EXIF", &prefixed)])), (32, 64));
    assert_eq!(size(&webp(0x08, &[(b"EXIF", &exif(6))])), (32, 64));
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.set_exif_metadata(prefixed).unwrap();
    encoder.write_image(&picture(), 64, 32, ExtendedColorType::Rgb8).unwrap();
    assert_eq!(size(bytes.get_ref()), (32, 64));
}

#[test]
fn webp_errors_that_do_not_affect_the_picture_are_ignored() {
    let expected = Photo::decode(&encode(&picture().into(), ImageFormat::WebP)).unwrap();
    // ICC profile, EXIF, XMP and an animation are declared and missing.
    for flags in [0, 0x20, 0x08, 0x04, 0x02, 0x2E] {
        assert_eq!(Photo::decode(&webp(flags, &[])).unwrap(), expected, "{flags:x}");
    }
    let trailed = [webp(0, &[]), b"SEFH and what else a phone puts behind a photo".to_vec()].concat();
    assert_eq!(Photo::decode(&trailed).unwrap(), expected);
    assert_eq!(Photo::decode(&[webp(0, &[]), vec![0; 3]].concat()).unwrap(), expected);
}

#[test]
fn other_formats_are_named_with_advice() {
    let named = |bytes: &[u8]| match Photo::decode(bytes).unwrap_err() {
        PhotoError::OtherFormat(format) => format,
        error => panic!("{error}"),
    };
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0meta";
    let cgbi = b"\x89PNG\r\n\x1a\n\0\0\0\x04CgBI\x50\0\x20\x06\0\0\0\0\0\0\0\x0dIHDR";
    for (bytes, format, words) in [
        (&heic[..], OtherFormat::Heic, ["HEIC", "Most Compatible"]),
        (b"\0\0\0\x14ftypavif\0\0\0\0mif1", OtherFormat::Avif, ["AVIF", "JPEG"]),
        (b"II*\0\x08\0\0\0", OtherFormat::Tiff, ["TIFF", "JPEG"]),
        (b"GIF89a\x01\0\x01\0", OtherFormat::Gif, ["GIF", "JPEG"]),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", OtherFormat::Bmp, ["BMP", "JPEG"]),
        (b"%PDF-1.4\n", OtherFormat::Pdf, ["PDF", "screenshot"]),
        (cgbi, OtherFormat::CgBi, ["iPhone app", "original photo"]),
        (b"/9j/4AAQSkZJRgABAQEASABIAAD/2wBD", OtherFormat::Base64, ["base64", "decode"]),
        (b"/storage/emulated/0/DCIM/leaf.jpg", OtherFormat::Path, ["path", "bytes"]),
    ] {
        let found = named(bytes);
        assert_eq!(found, format);
        let text = PhotoError::OtherFormat(found).to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert!(!text.contains(['{', '}']) && !text.contains("Error"), "{text}");
    }
}

#[test]
fn no_error_shows_a_librarys_types() {
    let mut png = encode(&picture().into(), ImageFormat::Png);
    let data = png.windows(4).position(|name| name == b"IDAT").unwrap();
    png[data + 6] ^= 0x55;
    let mut webp = encode(&picture().into(), ImageFormat::WebP);
    webp[20] = 0;
    let mut jpeg = encode(&picture().into(), ImageFormat::Jpeg);
    let tables = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC4]).unwrap();
    jpeg[tables + 5] = 255;
    for bytes in [png, webp, jpeg] {
        let error = Photo::decode(&bytes).unwrap_err();
        assert!(matches!(error, PhotoError::Damaged(_)), "{error}");
        let text = error.to_string();
        assert!(!text.contains(['{', '}', '"', ':']) && !text.contains("Error"), "{text}");
    }
}
