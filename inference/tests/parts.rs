//! Part of the tree, symptom and rejection in a prediction.

#[path = "support/network.rs"]
mod network;

use std::error::Error;

use image::{Rgb, RgbImage};
use mango_inference::network::{Architecture, Stage};
use mango_inference::{
    Backend, BundleError, Manifest, ModelBundle, Others, Part, Photo, Prediction, Predictor, SymptomCalibration,
    Verdict,
};

/// A random network of 8 outputs: 6 classes, the last two of them fruit classes, and two rejection outputs.
fn bundle(change: impl Fn(&mut Manifest)) -> Result<ModelBundle, Box<dyn Error>> {
    let stage = Stage { expand: 2, channels: 8, repeat: 1, stride: 2, kernel: 3 };
    let architecture = Architecture { stem: 8, stages: vec![stage], head: Some(12), embedding_stage: 1 };
    let whole = network::bundle("parts", 32, architecture, true, 11)?;
    let mut manifest = whole.manifest().clone();
    manifest.classes.truncate(6);
    manifest.others = Some(Others { outputs: 2, limit: 1.0 });
    manifest.parts = manifest.classes[4..].iter().map(|class| (class.clone(), Part::Fruit)).collect();
    manifest.healthy = [manifest.classes[0].clone(), manifest.classes[4].clone()].into();
    manifest.symptom = Some(SymptomCalibration { temperature: 2.0, certain: 0.5 });
    change(&mut manifest);
    Ok(whole.with_manifest(&manifest)?)
}

fn photo() -> Photo {
    Photo::from_pixels(RgbImage::from_fn(70, 60, |x, y| Rgb([(x * 3) as u8, (y * 4) as u8, 90])))
}

fn predict(change: impl Fn(&mut Manifest)) -> Result<(Predictor, Prediction), Box<dyn Error>> {
    let predictor = Predictor::new(&bundle(change)?, Backend::default())?;
    let prediction = predictor.predict(&photo())?;
    Ok((predictor, prediction))
}

#[test]
fn rejection_outputs_are_not_ranked_and_decide_the_verdict() {
    let (predictor, accepted) = predict(|_| ()).unwrap();
    assert_eq!(accepted.classes.len(), 6);
    assert!((accepted.classes.iter().map(|class| class.probability).sum::<f32>() - 1.0).abs() < 1e-5);
    assert_ne!(accepted.verdict, Verdict::NotMangoLeaf);
    let observation = predictor.observe_photo(&photo()).unwrap();
    let probability = predictor.not_mango(&observation).unwrap();
    assert!(probability > 0.0 && probability < 1.0, "{probability}");
    for (limit, refused) in [(probability * 0.99, true), (probability * 1.01, false)] {
        let (_, prediction) = predict(|manifest| manifest.others = Some(Others { outputs: 2, limit })).unwrap();
        assert_eq!(prediction.verdict == Verdict::NotMangoLeaf, refused, "limit {limit}, probability {probability}");
        assert_eq!((prediction.part.is_none(), prediction.symptom.is_none()), (refused, refused));
    }
}

#[test]
fn the_part_has_the_likelier_classes_and_its_symptom_is_their_sum() {
    let (_, prediction) = predict(|_| ()).unwrap();
    let share = |range: std::ops::Range<usize>| -> f32 {
        let ids: Vec<String> = range.map(|class| format!("class_{class}")).collect();
        let of = prediction.classes.iter().filter(|class| ids.iter().any(|id| id == class.id.as_str()));
        of.map(|class| class.probability).sum()
    };
    let expected = if share(4..6) > share(0..4) { Part::Fruit } else { Part::Leaf };
    assert_eq!(prediction.part, Some(expected));
    let symptom = prediction.symptom.unwrap();
    assert!((0.0..=1.0).contains(&symptom.probability) && symptom.certain);
    let json = prediction.to_json();
    assert!(json.contains(&format!("\"part\":\"{}\"", expected.as_str())), "{json}");
    assert_eq!(serde_json::from_str::<Prediction>(&json).unwrap(), prediction);
}

#[test]
fn a_model_with_only_leaf_classes_names_no_part() {
    let (_, prediction) = predict(|manifest| {
        manifest.parts.clear();
        manifest.symptom = None;
    })
    .unwrap();
    assert_eq!((prediction.part, prediction.symptom), (None, None));
    assert!(!prediction.to_json().contains("\"part\":"));
}

#[test]
fn the_heat_map_has_the_resolution_of_the_close_view() {
    let predictor = Predictor::new(&bundle(|_| ()).unwrap(), Backend::default()).unwrap();
    let map = predictor.explain(&photo()).unwrap().heatmap.unwrap();
    // A side of 64 pixels, halved by the stem and by the stage.
    assert_eq!((map.width, map.height), (16, 16));
}

#[test]
fn fields_out_of_range_are_named() {
    let refused = |change: fn(&mut Manifest)| match *bundle(change).unwrap_err().downcast::<BundleError>().unwrap() {
        BundleError::Field { field, .. } => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(|m| m.others = Some(Others { outputs: 0, limit: 0.5 })), "others.outputs");
    assert_eq!(refused(|m| m.others = Some(Others { outputs: 2, limit: 1.5 })), "others.limit");
    assert_eq!(
        refused(|m| m.symptom = Some(SymptomCalibration { temperature: 0.0, certain: 0.9 })),
        "symptom.temperature"
    );
    assert_eq!(refused(|m| m.symptom = Some(SymptomCalibration { temperature: 1.0, certain: 0.2 })), "symptom.certain");
    assert_eq!(refused(|m| m.healthy.extend(["unknown".to_owned().try_into().unwrap()])), "healthy");
    assert_eq!(refused(|m| m.parts.extend([("unknown".to_owned().try_into().unwrap(), Part::Leaf)])), "parts");
}

#[test]
fn a_bundle_whose_outputs_do_not_match_its_weights_is_refused() {
    let bundle = bundle(|manifest| manifest.others = None).unwrap();
    match Predictor::new(&bundle, Backend::default()) {
        Err(BundleError::Field { field, problem }) => {
            assert_eq!(field, "classes");
            assert!(problem.contains('6') && problem.contains('8'), "{problem}");
        }
        other => panic!("{other:?}"),
    }
}
