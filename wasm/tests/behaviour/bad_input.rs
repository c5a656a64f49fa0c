use core::arch::wasm32::memory_size;

use super::model::{CATALOG, MANIFEST, PESTS, WEIGHTS, bare, cases, js, photo, scout, thrown};
use mango_wasm::{OrchardGallery, Scout};
use wasm_bindgen_test::wasm_bindgen_test;

/// A PNG whose header declares 60,000 x 60,000 pixels.
fn hostile_header() -> Vec<u8> {
    let header = [b"IHDR".as_slice(), &60_000u32.to_be_bytes(), &60_000u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\r".to_vec();
    png.extend(&header);
    png.extend(crc32(&header).to_be_bytes());
    png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    png
}

/// PNG's checksum (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// Pseudo-random bytes after a JPEG's first ones.
fn noise() -> Vec<u8> {
    let mut state = 1u32;
    let bytes = (0..5000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    [0xff, 0xd8, 0xff, 0xe0].into_iter().chain(bytes).collect()
}

#[wasm_bindgen_test]
fn every_bad_photo_gets_its_code() {
    let scout = bare();
    let whole = photo();
    let mut damaged = cases().into_iter().find(|case| case.name == "png, EXIF orientation 1").unwrap().photo;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let bad: [(&str, &[u8]); 6] = [
        ("photo_empty", b""),
        ("not_a_photo", b"GIF89a, or any other text"),
        ("photo_cut_off", &whole[..whole.len() / 2]),
        ("photo_too_large", &hostile_header()),
        ("photo_cut_off", &noise()),
        ("photo_damaged", &damaged),
    ];
    for (code, bytes) in bad {
        let (found, message) = thrown(scout.predict(bytes, false));
        assert_eq!(found, code, "{message}");
        assert_eq!(thrown(scout.embed(bytes)).0, found);
        assert_eq!(thrown(scout.predict_many(vec![js(&whole), js(bytes)])).0, found);
    }
}

#[wasm_bindgen_test]
fn a_model_with_mismatched_parts_is_refused() {
    let other = include_str!("../../../models/leaf-lite0/manifest.json");
    let new = |manifest: &str, weights: &[u8], gallery: Option<&[u8]>| {
        thrown(Scout::new(manifest, weights.to_vec(), gallery.map(<[u8]>::to_vec)))
    };
    assert_eq!(new("{", WEIGHTS, None).0, "bad_manifest");
    assert_eq!(new(&MANIFEST.replace("\"classes\"", "\"klasses\""), WEIGHTS, None).0, "bad_manifest");
    let (code, message) = new(other, WEIGHTS, None);
    assert_eq!(code, "bad_weights");
    assert!(message.contains("sha256"), "{message}");
    assert_eq!(new(MANIFEST, &WEIGHTS[..1000], None).0, "bad_weights");
    assert_eq!(new(MANIFEST, b"", None).0, "bad_weights");
    assert_eq!(new(MANIFEST, WEIGHTS, Some(b"no gallery")).0, "bad_gallery");
    let lite0 = include_bytes!("../../../models/gallery/mango-pests/leaf-lite0.gallery");
    let (code, message) = new(MANIFEST, WEIGHTS, Some(lite0));
    assert_eq!(code, "bad_gallery");
    assert!(message.contains("another model"), "{message}");
}

#[wasm_bindgen_test]
fn refused_input_leaves_the_scout_unchanged() {
    let mut scout = scout();
    let before = scout.predict(&photo(), false).unwrap();
    assert_eq!(thrown(scout.use_catalog(&CATALOG[1..])).0, "bad_catalog");
    assert_eq!(thrown(scout.use_galleries(vec![js(PESTS), js(&PESTS[..500])])).0, "bad_gallery");
    assert_eq!(thrown(OrchardGallery::parse(&PESTS[1..])).0, "bad_gallery");
    assert_eq!(scout.predict(&photo(), false).unwrap(), before);
}

#[wasm_bindgen_test]
fn bad_input_leaks_no_memory() {
    let scout = bare();
    let whole = photo();
    let inputs: [&[u8]; 5] = [b"", &whole[..whole.len() / 2], &noise(), &hostile_header(), &whole];
    let round = || {
        for bytes in inputs {
            let _ = scout.predict(bytes, true);
        }
        let _ = Scout::new(MANIFEST, WEIGHTS[..WEIGHTS.len() - 1].to_vec(), None);
        let _ = OrchardGallery::parse(&PESTS[..PESTS.len() - 1]);
    };
    (0..5).for_each(|_| round());
    let after_five = memory_size::<0>();
    (0..20).for_each(|_| round());
    assert_eq!(memory_size::<0>(), after_five, "pages of 64 KiB");
}
