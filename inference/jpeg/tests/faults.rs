//! Truncated and damaged files, and files of tools that violate the format.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use mango_jpeg::{Error, Header, Picture, Scale};
use proptest::prelude::*;

const KINDS: [&str; 4] = ["420-sequential", "420-progressive", "444-three-scans", "420-sequential-restarts"];

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(format!("{name}.jpg"));
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn try_decode(bytes: &[u8], scale: Scale) -> Result<Picture, Error> {
    Header::read(bytes)?.decode(scale, 1 << 20)
}

fn decode(bytes: &[u8]) -> Picture {
    try_decode(bytes, Scale::Full).unwrap()
}

/// Positions of a marker.
fn markers(bytes: &[u8], marker: std::ops::RangeInclusive<u8>) -> Vec<usize> {
    bytes
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] == 0xFF && marker.contains(&pair[1]))
        .map(|(at, _)| at)
        .collect()
}

/// The file with a segment inserted after its start marker.
fn with_segment(bytes: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u16 + 2).to_be_bytes();
    [&bytes[..2], &[0xFF, marker], &length, payload, &bytes[2..]].concat()
}

/// The file without the segments of a marker.
fn without_segments(bytes: &[u8], marker: u8) -> Vec<u8> {
    let mut kept = bytes.to_vec();
    while let Some(at) = markers(&kept, marker..=marker).first().copied() {
        let length = usize::from(u16::from_be_bytes([kept[at + 2], kept[at + 3]]));
        kept.drain(at..at + 2 + length);
    }
    kept
}

#[test]
fn the_end_marker_may_be_missing() {
    for name in KINDS {
        let bytes = file(name);
        let whole = decode(&bytes);
        let open = bytes.strip_suffix(&[0xFF, 0xD9]).unwrap();
        assert!(decode(open) == whole, "{name}");
        assert!(decode(&[open, b"SEFT trailer of a phone"].concat()) == whole, "{name}");
        assert!(decode(&[&bytes[..], b"the video of a motion photo"].concat()) == whole, "{name}");
        assert!(decode(&[&bytes[..], &bytes[..]].concat()) == whole, "{name}: a second picture");
    }
}

#[test]
fn every_truncated_file_is_reported_as_truncated() {
    for name in KINDS {
        let bytes = file(name);
        for cut in (2..bytes.len() - 6).step_by(7) {
            for scale in Scale::ALL {
                let found = try_decode(&bytes[..cut], scale);
                assert!(matches!(found, Err(Error::Truncated)), "{name} cut at {cut}, {scale:?}: {found:?}");
            }
        }
    }
}

#[test]
fn without_huffman_tables_the_standard_ones_are_used() {
    let picture = RgbImage::from_fn(40, 30, |x, y| Rgb([(x * 6) as u8, (y * 8) as u8, (x * y) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    let bytes = bytes.into_inner();
    let bare = without_segments(&bytes, 0xC4);
    assert!(bare.len() + 400 < bytes.len());
    assert!(decode(&bare) == decode(&bytes));
}

#[test]
fn odd_adobe_markers_change_nothing() {
    let bytes = file("420-sequential");
    let whole = decode(&bytes);
    for payload in [&b"Adobe"[..], b"Adobe\0d", b"Adobe\0d\0\0\0\0\x09", b"Adobe\0d\0\0\0\0\0", b"", b"Photoshop"] {
        // JFIF's marker takes precedence over Adobe's.
        assert!(decode(&with_segment(&bytes, 0xEE, payload)) == whole, "{payload:?}");
    }
    let bare = without_segments(&bytes, 0xE0);
    assert_eq!(decode(&with_segment(&bare, 0xEE, b"Adobe\0d\0\0\0\0\x09")), whole);
    assert_ne!(decode(&with_segment(&bare, 0xEE, b"Adobe\0d\0\0\0\0\0")), whole, "Adobe transform 0 means RGB");
}

#[test]
fn unknown_segments_are_skipped() {
    let bytes = file("420-progressive");
    let odd = with_segment(&with_segment(&bytes, 0xF0, b"?"), 0xE1, b"Exif\0");
    let fill = [&odd[..2], &[0xFF, 0xFF, 0xFF], &odd[2..]].concat();
    assert!(decode(&fill) == decode(&bytes));
}

#[test]
fn every_exif_block_is_found() {
    let bytes = with_segment(&with_segment(&file("grey-sequential"), 0xE1, b"Exif\0\0second"), 0xE1, b"Exif\0\0first");
    let bytes = with_segment(&bytes, 0xE1, b"http://ns.adobe.com/xap/1.0/\0");
    assert_eq!(Header::read(&bytes).unwrap().exif(), [&b"first"[..], b"second"]);
}

#[test]
fn a_missing_interval_is_counted_and_the_rest_keeps_its_position() {
    for (name, height) in [("420-sequential-restarts", 16), ("444-sequential-restarts", 8)] {
        let bytes = file(name);
        let whole = decode(&bytes);
        let restarts = markers(&bytes, 0xD0..=0xD7);
        for (index, pair) in restarts.windows(2).enumerate().take(2) {
            let gap = [&bytes[..pair[0]], &bytes[pair[1]..]].concat();
            let picture = decode(&gap);
            let intervals = 61usize.div_ceil(height);
            assert!((picture.lost - 1.0 / intervals as f32).abs() < 1e-6, "{name}: {}", picture.lost);
            let row = 3 * 77;
            // Upsampling mixes the chroma of the rows at the edge of the gap.
            let (start, end) = ((index + 1) * height - 1, (index + 2) * height + 1);
            assert_eq!(picture.pixels[..start * row], whole.pixels[..start * row], "{name}");
            assert_eq!(picture.pixels[end * row..], whole.pixels[end * row..], "{name}");
        }
    }
}

#[test]
fn a_photo_with_more_than_a_quarter_lost_is_refused() {
    let mut bytes = file("444-sequential-restarts");
    let restarts = markers(&bytes, 0xD0..=0xD7);
    for pair in restarts.windows(2).take(3) {
        // A code of 16 ones is never valid, and the stuffed bytes keep it from being a marker.
        bytes[pair[0] + 2..pair[0] + 6].copy_from_slice(&[0xFF, 0, 0xFF, 0]);
    }
    assert_eq!(try_decode(&bytes, Scale::Full), Err(Error::Lost));
    assert_eq!(try_decode(&bytes, Scale::Eighth), Err(Error::Lost));
}

#[test]
fn a_header_that_declares_more_than_the_file_can_hold_allocates_nothing() {
    let mut bytes = file("420-progressive");
    let frame = markers(&bytes, 0xC2..=0xC2)[0];
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x40, 0, 0x40, 0]);
    let header = Header::read(&bytes).unwrap();
    assert_eq!(header.decode(Scale::Eighth, 1 << 40), Err(Error::Truncated));
}

#[test]
fn too_many_scans_are_refused() {
    let bytes = file("420-progressive");
    let scan = markers(&bytes, 0xDA..=0xDA)[0];
    let next = markers(&bytes[scan + 2..], 0xC4..=0xDA)[0] + scan + 2;
    let many = [&bytes[..scan], &bytes[scan..next].repeat(65), &[0xFF, 0xD9]].concat();
    assert_eq!(try_decode(&many, Scale::Full), Err(Error::Damaged("more than 64 scans")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_flipped_bit_affects_only_its_interval(bit in 0usize..8, place in 0.0f64..1.0, which in 0usize..2) {
        let (name, height) = [("420-sequential-restarts", 16), ("444-sequential-restarts", 8)][which];
        let mut bytes = file(name);
        let whole = decode(&bytes);
        let restarts = markers(&bytes, 0xD0..=0xD7);
        let first = markers(&bytes, 0xDA..=0xDA)[0] + 14;
        let at = first + (place * (bytes.len() - 2 - first) as f64) as usize;
        bytes[at] ^= 1 << bit;
        // If the bit is in a restart marker, the marker is missing and its interval joins the one before.
        let is_marker = restarts.iter().any(|restart| (*restart..restart + 2).contains(&at));
        if is_marker || markers(&bytes, 0xD0..=0xD9).len() != restarts.len() + 2 {
            prop_assert!(try_decode(&bytes, Scale::Full).map_or(true, |picture| picture.lost <= 0.25));
            return Ok(());
        }
        let interval = restarts.iter().filter(|restart| **restart < at).count();
        let picture = decode(&bytes);
        prop_assert!(picture.lost <= 1.0 / (61usize.div_ceil(height)) as f32 + 1e-6);
        let row = 3 * 77;
        let (start, end) = ((interval * height).saturating_sub(1), ((interval + 1) * height + 1).min(61));
        prop_assert!(picture.pixels[..start * row] == whole.pixels[..start * row]);
        prop_assert!(picture.pixels[end * row..] == whole.pixels[end * row..]);
    }

    #[test]
    fn damage_of_any_kind_gives_a_picture_or_an_error(
        which in 0usize..KINDS.len(),
        changes in prop::collection::vec((0.0f64..1.0, any::<u8>()), 1..6),
        scale in 0usize..4,
    ) {
        let mut bytes = file(KINDS[which]);
        let length = bytes.len() as f64;
        for (place, byte) in changes {
            bytes[(place * length) as usize] = byte;
        }
        if let Ok(picture) = try_decode(&bytes, Scale::ALL[scale]) {
            prop_assert_eq!(picture.pixels.len(), 3 * (picture.width * picture.height) as usize);
            prop_assert!((0.0..=0.25).contains(&picture.lost));
        }
    }
}
