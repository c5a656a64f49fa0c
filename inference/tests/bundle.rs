//! A bundle is accepted only if manifest and weights match; errors name the field that does not.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use burn::tensor::TensorData;
use mango_inference::network::{Architecture, EfficientNetLite, LeafNet, Stage};
use mango_inference::{
    Backend, BundleError, ModelBundle, Photo, PoolError, Precision, PredictError, Prediction, Predictor, Verdict,
    Weights, sha256,
};
use serde_json::{Value, json};

fn architecture() -> Architecture {
    let stage = |channels, stride, kernel| Stage { expand: 2, channels, repeat: 2, stride, kernel };
    Architecture { stem: 4, stages: vec![stage(6, 1, 3), stage(8, 2, 5)], head: Some(12), embedding_stage: 1 }
}

/// Reproducible weights of the architecture in [-0.5, 0.5).
fn weights() -> Weights {
    let zeros = Weights::of(&LeafNet::new(
        &architecture(),
        architecture().embedding_len(),
        3,
        None,
        &Backend::default().device(),
    ));
    let mut state = 1u32;
    zeros.map(|data| {
        let values = (0..data.num_elements()).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        });
        TensorData::new(values.collect::<Vec<f32>>(), data.shape().to_vec())
    })
}

fn parts() -> (Value, Vec<u8>) {
    let weights = weights().encode(Precision::F16).unwrap();
    let manifest = json!({
        "format": 4,
        "model": { "name": "tiny", "version": "1.2.3" },
        "architecture": architecture(),
        "classes": ["anthracnose", "healthy", "sooty_mould"],
        "preprocessing": { "size": 32, "view": { "kind": "squash" }, "mean": 127.0, "scale": 128.0 },
        "calibration": { "temperature": 1.5, "slope": 0.0, "confident": 0.8 },
        "few_photos": { "temperature": 0.4, "confident": 0.9, "strange": 1.1 },
        "weights": { "file": "weights.bpk", "sha256": sha256(&weights), "precision": "f16" },
        "provenance": { "base": "none", "data": "none", "license": "CC0-1.0", "seed": 1 },
        "measured": {}
    });
    (manifest, weights)
}

fn refused_field(manifest: &Value, weights: Vec<u8>) -> String {
    let loaded =
        ModelBundle::new(&manifest.to_string(), weights).and_then(|bundle| Predictor::new(&bundle, Backend::default()));
    match loaded {
        Err(BundleError::Field { field, .. }) => field,
        Err(error) => panic!("no field: {error}"),
        Ok(_) => panic!("was taken: {manifest}"),
    }
}

#[test]
fn a_bundle_can_be_saved_loaded_and_used() {
    let (manifest, weights) = parts();
    let bundle = ModelBundle::new(&manifest.to_string(), weights).unwrap();
    let folder = tempfile::tempdir().unwrap();
    bundle.save(folder.path()).unwrap();
    let loaded = ModelBundle::load(folder.path()).unwrap();
    assert_eq!(loaded.manifest(), bundle.manifest());
    let photo = Photo::from_pixels(image::RgbImage::from_pixel(50, 40, image::Rgb([80, 120, 40])));
    let [a, b] =
        [bundle, loaded].map(|bundle| Predictor::new(&bundle, Backend::default()).unwrap().predict(&photo).unwrap());
    assert_eq!(a, b);
    assert_eq!((a.model.name.as_str(), a.classes.len()), ("tiny", 3));
    assert!(a.classes.is_sorted_by(|a, b| a.probability >= b.probability));
    let json: Value = serde_json::from_str(&a.to_json()).unwrap();
    assert_eq!(json["verdict"], "unsure");
    assert_eq!(json["classes"][0]["id"], a.classes[0].id.as_str());
}

fn photo(red: u8) -> Photo {
    Photo::from_pixels(image::RgbImage::from_fn(50, 40, |x, y| image::Rgb([red, (x * 5) as u8, (y * 6) as u8])))
}

fn predictor() -> Predictor {
    let (manifest, weights) = parts();
    Predictor::new(&ModelBundle::new(&manifest.to_string(), weights).unwrap(), Backend::default()).unwrap()
}

#[test]
fn a_heat_map_is_given_on_request_and_changes_nothing_else() {
    let plain = predictor().predict(&photo(80)).unwrap();
    let explained = predictor().explain(&photo(80)).unwrap();
    let json: Value = serde_json::from_str(&plain.to_json()).unwrap();
    assert!(json.get("heatmap").is_none(), "{json}");
    let json: Value = serde_json::from_str(&explained.to_json()).unwrap();
    // The stem halves the 32 x 32 input; the embedding's stage keeps that size.
    assert_eq!((&json["heatmap"]["width"], &json["heatmap"]["height"]), (&json!(16), &json!(16)));
    assert_eq!(json["heatmap"]["values"].as_array().unwrap().len(), 256);
    assert_eq!(json["heatmap"]["view"], json!({ "left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0 }));
    assert_eq!(serde_json::from_value::<Prediction>(json).unwrap(), explained);
    assert_eq!(Prediction { heatmap: None, ..explained }, plain);
}

#[test]
fn several_photos_make_one_prediction_in_any_order() {
    let predictor = predictor();
    let [a, b, c] = [10, 120, 240].map(photo);
    let together = predictor.predict_many(&[a.clone(), b.clone(), c.clone()]).unwrap();
    assert_eq!(predictor.predict_many(&[c, a.clone(), b.clone()]).unwrap().to_json(), together.to_json());
    assert_eq!(predictor.predict_many(std::slice::from_ref(&a)).unwrap(), predictor.predict(&a).unwrap());
    let [one, other] = [&a, &b].map(|photo| predictor.observe_photo(photo).unwrap());
    let mean: Vec<f32> = one.logits.iter().zip(&other.logits).map(|(a, b)| (a + b) / 2.0).collect();
    let expected = predictor.manifest().calibration.probabilities(&mean, None);
    let classes = &predictor.manifest().classes;
    for ranked in predictor.predict_many(&[a.clone(), b]).unwrap().classes {
        let class = classes.iter().position(|id| *id == ranked.id).unwrap();
        assert!((ranked.probability - expected[class]).abs() < 1e-6, "{ranked:?}");
    }
    for count in [0, 7] {
        let refused = predictor.predict_many(&vec![a.clone(); count]).unwrap_err();
        assert!(matches!(refused, PredictError::Pool(PoolError::Count(n)) if n == count), "{refused}");
    }
}

#[test]
fn every_invalid_field_is_named() {
    let cases: [(&str, Value, &str); 25] = [
        ("/format", json!(1), "format"),
        ("/model/name", json!(""), "model.name"),
        ("/model/name", json!("tiny\u{1b}[2J"), "model.name"),
        ("/model/version", json!("1\n2"), "model.version"),
        ("/architecture/stem", json!(0), "architecture.stem"),
        ("/architecture/stem", json!(8), "architecture"),
        ("/architecture/head", json!(4096), "architecture"),
        ("/architecture/stages/1/kernel", json!(3), "architecture"),
        ("/architecture/embedding_stage", json!(3), "architecture.embedding_stage"),
        ("/classes/2", json!("healthy"), "classes[2]"),
        ("/classes/2", json!("Sooty Mould"), "classes[2]"),
        ("/classes", json!(["healthy", "sooty_mould"]), "classes"),
        ("/preprocessing/size", json!(1_000_000), "preprocessing.size"),
        ("/preprocessing/view", json!({ "kind": "centre_crop", "fraction": 0 }), "preprocessing.view.fraction"),
        ("/calibration/temperature", json!(0), "calibration.temperature"),
        ("/calibration/confident", json!("high"), "calibration.confident"),
        ("/few_photos/temperature", json!(0), "few_photos.temperature"),
        ("/few_photos/confident", json!(1.5), "few_photos.confident"),
        ("/few_photos/strange", json!(-1), "few_photos.strange"),
        ("/weights/file", json!("../weights.bpk"), "weights.file"),
        ("/weights/file", json!("manifest.json"), "weights.file"),
        ("/weights/precision", json!("f32"), "weights.precision"),
        ("/weights/precision", json!("f8"), "weights.precision"),
        ("/architecture/stages/0/expand", json!(0), "architecture.stages.expand"),
        ("/weights/sha256", json!("00"), "weights.sha256"),
    ];
    for (pointer, value, field) in cases {
        let (mut manifest, weights) = parts();
        *manifest.pointer_mut(pointer).unwrap() = value;
        assert_eq!(refused_field(&manifest, weights), field, "{pointer}");
    }
}

#[test]
fn an_unknown_and_a_missing_field_are_named() {
    let (mut manifest, weights) = parts();
    manifest["calibration"]["mood"] = json!(1);
    assert_eq!(refused_field(&manifest, weights.clone()), "calibration.mood");
    for text in ["", "{ nope", "[]"] {
        let refused = ModelBundle::new(text, weights.clone()).unwrap_err();
        assert!(
            matches!(&refused, BundleError::Field { field, .. } if field == "manifest.json"),
            "{text:?}: {refused}"
        );
    }
    let (mut manifest, _) = parts();
    manifest.as_object_mut().unwrap().remove("classes");
    assert_eq!(refused_field(&manifest, weights), "classes");
}

#[test]
fn damaged_weights_are_refused_even_under_their_own_hash() {
    let (manifest, good) = parts();
    let seal = |weights: &[u8]| {
        let mut manifest = manifest.clone();
        manifest["weights"]["sha256"] = json!(sha256(weights));
        manifest
    };
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x55;
    assert_eq!(refused_field(&manifest, flipped), "weights.sha256");
    for damaged in [b"not a burnpack file at all".repeat(1000), good[..good.len() - 40].to_vec()] {
        let field = refused_field(&seal(&damaged), damaged);
        assert!(["weights", "architecture"].contains(&field.as_str()), "{field}");
    }
    let architecture_alone = Weights::of(&EfficientNetLite::new(&architecture(), &Backend::default().device()));
    let headless = architecture_alone.encode(Precision::F16).unwrap();
    assert_eq!(refused_field(&seal(&headless), headless), "architecture");
    let mut flat = weights();
    flat.insert("classifier.weight", TensorData::new(vec![0.5f32; 54], [54]));
    let flat = flat.encode(Precision::F16).unwrap();
    assert_eq!(refused_field(&seal(&flat), flat), "architecture");
    let infinite = weights().map(|data| {
        let values: Vec<f32> = data.iter::<f32>().map(|value| value / 0.0).collect();
        TensorData::new(values, data.shape().to_vec())
    });
    let infinite = infinite.encode(Precision::F16).unwrap();
    assert_eq!(refused_field(&seal(&infinite), infinite), "weights");
}

#[test]
fn a_network_with_huge_feature_maps_is_refused() {
    let (mut manifest, weights) = parts();
    manifest["architecture"] = json!({
        "stem": 256, "head": null, "embedding_stage": 1,
        "stages": [{ "expand": 16, "channels": 16, "repeat": 1, "stride": 1, "kernel": 1 }]
    });
    manifest["preprocessing"]["size"] = json!(1024);
    assert_eq!(refused_field(&manifest, weights), "preprocessing.size");
}

#[test]
fn shared_and_unaligned_tensors_take_no_more_memory_than_the_file() {
    let values = burn_pack::Bytes::from_bytes_vec(vec![0; 64]);
    let tensor =
        |name: &str| burn_pack::Tensor::new(name.to_owned(), burn_pack::DType::F16, [32], None, values.clone());
    let packed = burn_pack::Writer::new(vec![tensor("a"), tensor("b")]).into_bytes().unwrap().to_vec();
    assert!(Weights::parse(&packed, Precision::F16).is_ok());
    // Descriptors are CBOR. Tensor b's offsets, 256 to 320 as two 16-bit integers, become those of a, then odd ones.
    let at = packed.windows(6).position(|bytes| bytes == [0x19, 1, 0, 0x19, 1, 64]).unwrap();
    for offsets in [[0x19, 0, 0, 0x19, 0, 64], [0x19, 0, 1, 0x19, 0, 65]] {
        let mut edited = packed.clone();
        edited[at..at + 6].copy_from_slice(&offsets);
        assert!(Weights::parse(&edited, Precision::F16).is_ok_and(|weights| weights.get("b").is_some()));
    }
}

#[test]
fn the_error_for_a_missing_folder_names_the_file() {
    let error = ModelBundle::load("nowhere/at/all".as_ref()).unwrap_err().to_string();
    assert!(error.contains("manifest.json"), "{error}");
}

/// A bundle of the same network whose domain has mean 0 and no basis: the distance is the embedding's squared norm.
fn bounded(limit: f32) -> (Value, Vec<u8>) {
    let length = architecture().embedding_len();
    let mut weights = weights();
    weights.insert("domain.mean", TensorData::new(vec![0f32; length], [length]));
    weights.insert("domain.basis", TensorData::new(vec![0f32; length], [1, length]));
    let weights = weights.encode(Precision::F16).unwrap();
    let (mut manifest, _) = parts();
    manifest["weights"]["sha256"] = json!(sha256(&weights));
    manifest["domain"] = json!({ "typical": 2.0, "limit": limit });
    (manifest, weights)
}

#[test]
fn a_photo_beyond_the_domains_limit_is_not_a_mango_leaf() {
    let prediction = |limit| {
        let (manifest, weights) = bounded(limit);
        let bundle = ModelBundle::new(&manifest.to_string(), weights).unwrap();
        Predictor::new(&bundle, Backend::default()).unwrap().predict(&photo(80)).unwrap()
    };
    // Both parts of an embedding have norm 1, so its squared norm is 2, which is the typical distance.
    let inside = prediction(1.5);
    assert!((inside.out_of_domain.unwrap() - 1.0).abs() < 1e-3, "{inside:?}");
    assert_ne!(inside.verdict, Verdict::NotMangoLeaf);
    assert_eq!(prediction(0.5).verdict, Verdict::NotMangoLeaf);
    let plain = predictor().predict(&photo(80)).unwrap();
    assert_eq!(plain.out_of_domain, None);
    assert!(!plain.to_json().contains("out_of_domain"));
}

fn with_basis(shape: [usize; 2]) -> Vec<u8> {
    let mut weights = weights();
    weights.insert("domain.basis", TensorData::new(vec![0f32; shape[0] * shape[1]], shape));
    weights.encode(Precision::F16).unwrap()
}

#[test]
fn a_domain_in_only_the_manifest_or_only_the_weights_is_refused() {
    let (mut manifest, weights) = bounded(1.5);
    manifest.as_object_mut().unwrap().remove("domain");
    assert_eq!(refused_field(&manifest, weights), "domain");
    let (mut manifest, weights) = parts();
    manifest["domain"] = json!({ "typical": 2.0, "limit": 1.5 });
    assert_eq!(refused_field(&manifest, weights), "domain");
    for shape in [[0, 1 << 40], [1 << 40, 0], [1, 3]] {
        let weights = with_basis(shape);
        let (mut manifest, _) = bounded(1.5);
        manifest["weights"]["sha256"] = json!(sha256(&weights));
        assert_eq!(refused_field(&manifest, weights), "domain", "{shape:?}");
    }
    for (field, value) in [("typical", json!(0)), ("limit", json!(-1))] {
        let (mut manifest, weights) = bounded(1.5);
        manifest["domain"][field] = value;
        assert_eq!(refused_field(&manifest, weights), format!("domain.{field}"));
    }
}

#[test]
fn int8_takes_little_more_than_a_byte_per_weight_with_nearly_the_same_answers() {
    let single = weights().encode(Precision::F32).unwrap();
    let whole = weights().encode(Precision::Int8).unwrap();
    let predict = |weights: Vec<u8>, precision: &str| {
        let (mut manifest, _) = parts();
        manifest["weights"]["sha256"] = json!(sha256(&weights));
        manifest["weights"]["precision"] = json!(precision);
        let bundle = ModelBundle::new(&manifest.to_string(), weights).unwrap();
        Predictor::new(&bundle, Backend::default()).unwrap().predict(&photo(80)).unwrap()
    };
    let (exact, near) = (predict(single, "f32"), predict(whole.clone(), "int8"));
    for class in &exact.classes {
        let other = near.classes.iter().find(|other| other.id == class.id).unwrap();
        assert!((class.probability - other.probability).abs() < 0.02, "{exact:?} {near:?}");
    }
    let (mut manifest, _) = parts();
    manifest["weights"]["sha256"] = json!(sha256(&whole));
    assert_eq!(refused_field(&manifest, whole), "weights.precision");
}

#[test]
fn int8_weights_without_scales_are_refused() {
    // The name of the stem's scales is changed to one that no network has.
    let mut bytes = weights().encode(Precision::Int8).unwrap();
    let name = b"trunk.stem.weight.scale";
    let place = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[place + name.len() - 1] = b'X';
    let (mut manifest, _) = parts();
    manifest["weights"]["sha256"] = json!(sha256(&bytes));
    manifest["weights"]["precision"] = json!("int8");
    assert_eq!(refused_field(&manifest, bytes), "weights");
}
