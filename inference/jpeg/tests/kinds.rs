//! Every variant of JPEG that cameras and tools write, compared with another decoder and with each other.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::fs;
use std::path::Path;

use image::ImageFormat;
use mango_jpeg::{Error, Header, Picture, Scale};

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(format!("{name}.jpg"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn decode(bytes: &[u8], scale: Scale) -> Picture {
    Header::read(bytes).unwrap().decode(scale, 1 << 20).unwrap()
}

/// Largest and mean difference of two pictures.
fn difference(one: &[u8], other: &[u8]) -> (u8, f64) {
    assert_eq!(one.len(), other.len());
    let differences = one.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
    let sum: f64 = differences.clone().map(f64::from).sum();
    (differences.max().unwrap(), sum / one.len() as f64)
}

#[test]
fn full_size_pictures_match_zune_jpeg_within_rounding() {
    for name in [
        "444-sequential",
        "444-progressive",
        "444-three-scans",
        "422-sequential",
        "422-progressive",
        "420-sequential",
        "420-progressive",
        "440",
        "grey-sequential",
        "grey-progressive",
        "cmyk",
        "rgb",
    ] {
        let bytes = file(name);
        let reference = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap().into_rgb8();
        let picture = decode(&bytes, Scale::Full);
        assert_eq!((picture.width, picture.height), reference.dimensions(), "{name}");
        let (most, mean) = difference(&picture.pixels, reference.as_raw());
        assert!(most <= 4 && mean < 0.6, "{name}: {most} at most, {mean} on average");
    }
}

#[test]
fn the_order_of_coefficients_in_the_file_does_not_matter() {
    for names in [
        &[
            "444-sequential",
            "444-progressive",
            "444-sequential-restarts",
            "444-progressive-restarts",
            "444-three-scans",
        ][..],
        &["422-sequential", "422-progressive", "422-sequential-restarts", "422-progressive-restarts"],
        &[
            "420-sequential",
            "420-progressive",
            "420-sequential-restarts",
            "420-progressive-restarts",
            "420-three-scans",
            "420-three-scans-restarts",
            "420-two-scans",
        ],
        &["grey-sequential", "grey-progressive"],
        &["luma-less", "luma-less-three-scans"],
    ] {
        for scale in Scale::ALL {
            let first = decode(&file(names[0]), scale);
            assert_eq!(first.lost, 0.0);
            for name in &names[1..] {
                assert!(decode(&file(name), scale) == first, "{name} at {scale:?}");
            }
        }
    }
}

#[test]
fn a_scaled_picture_is_the_mean_of_the_full_one_except_for_fine_detail() {
    for name in ["444-sequential", "422-progressive", "420-sequential", "440", "411", "luma-less", "grey-progressive"] {
        let whole = decode(&file(name), Scale::Full);
        for (scale, side) in [(Scale::Half, 2), (Scale::Quarter, 4), (Scale::Eighth, 8)] {
            let picture = decode(&file(name), scale);
            assert_eq!((picture.width, picture.height), (77u32.div_ceil(side), 61u32.div_ceil(side)));
            let mut squares = 0.0;
            let (columns, rows) = (77 / side, 61 / side);
            for y in 0..rows {
                for x in 0..columns {
                    for channel in 0..3 {
                        let at = |x: u32, y: u32| f64::from(whole.pixels[((y * 77 + x) * 3 + channel) as usize]);
                        let sum: f64 = (0..side * side).map(|i| at(x * side + i % side, y * side + i / side)).sum();
                        let found = f64::from(picture.pixels[((y * picture.width + x) * 3 + channel) as usize]);
                        squares += (sum / f64::from(side * side) - found).powi(2);
                    }
                }
            }
            let root = (squares / f64::from(columns * rows * 3)).sqrt();
            assert!(root < 6.5, "{name} at {scale:?}: {root}");
        }
    }
}

#[test]
fn unsupported_variants_are_named() {
    let refused = |bytes: &[u8]| Header::read(bytes).err();
    assert_eq!(refused(&file("arithmetic")), Some(Error::Unsupported("a JPEG with arithmetic coding")));
    let with = |at: usize, byte: u8| {
        let mut bytes = file("420-sequential");
        let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[frame + at] = byte;
        bytes
    };
    assert_eq!(refused(&with(1, 0xC3)), Some(Error::Unsupported("a lossless JPEG")));
    assert_eq!(refused(&with(1, 0xC5)), Some(Error::Unsupported("a hierarchical JPEG")));
    assert_eq!(refused(&with(4, 12)), Some(Error::Unsupported("a JPEG of 12 bits a colour")));
    assert_eq!(refused(&with(9, 2)), Some(Error::Unsupported("a JPEG that has neither 1, 3 nor 4 colours")));
    assert_eq!(refused(b"\x89PNG"), Some(Error::Damaged("no JPEG")));
}

#[test]
fn memory_is_checked_before_it_is_allocated() {
    let bytes = file("420-progressive");
    let header = Header::read(&bytes).unwrap();
    for scale in Scale::ALL {
        let memory = header.memory(scale);
        assert_eq!(header.decode(scale, memory - 1), Err(Error::Memory(memory)));
        assert!(header.decode(scale, memory).is_ok());
    }
    assert!(4 * header.memory(Scale::Eighth) < header.memory(Scale::Full));
}
