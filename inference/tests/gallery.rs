//! Few-shot classes, with the shipped models and generated pictures.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use image::{Rgb, RgbImage};
use mango_inference::{
    Backend, Basis, Catalog, ClassId, Gallery, ModelBundle, Photo, PhotoKey, Predictor, StoredEmbedding, UseError,
    Verdict,
};
use std::path::Path;

fn predictor(model: &str) -> Predictor {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models").join(model);
    Predictor::new(&ModelBundle::load(&folder).unwrap(), Backend::default()).unwrap()
}

fn id(name: &str) -> ClassId {
    name.to_owned().try_into().unwrap()
}

/// Red rings on white, or blue stripes on yellow. The seed shifts and stretches the pattern.
fn picture(striped: bool, seed: u32) -> Photo {
    let shift = (seed * 13 % 29) as f32;
    let stretch = 1.0 + (seed * 7 % 11) as f32 / 20.0;
    Photo::from_pixels(RgbImage::from_fn(260, 200, |x, y| {
        let (x, y) = (x as f32 * stretch + shift, y as f32 + shift);
        if striped {
            if ((x / 9.0) as u32).is_multiple_of(2) { Rgb([40, 60, 200]) } else { Rgb([230, 210, 60]) }
        } else {
            let ring = ((x - 130.0).powi(2) + (y - 100.0).powi(2)).sqrt();
            if ((ring / 8.0) as u32).is_multiple_of(2) { Rgb([200, 30, 30]) } else { Rgb([240, 240, 240]) }
        }
    }))
}

fn taught(predictor: &Predictor, class: &str, striped: bool, seeds: std::ops::Range<u32>, gallery: Gallery) -> Gallery {
    seeds.fold(gallery, |gallery, seed| {
        let key = PhotoKey::of(format!("{striped} {seed}").as_bytes());
        gallery.with_photo(&id(class), key, predictor.embed(&picture(striped, seed)).unwrap()).unwrap()
    })
}

#[test]
fn three_photos_per_class_are_enough_for_distinct_pictures() {
    let catalog = Catalog::builtin().unwrap();
    for model in ["leaf-lite0", "leaf-mini"] {
        let bare = predictor(model).with_guilds(&catalog);
        assert_eq!(bare.predict(&picture(true, 9)).unwrap().verdict, Verdict::NotMangoLeaf, "{model}");
        let gallery = Gallery::new(bare.embedding_id());
        let gallery = taught(&bare, "orthaga_euadrusalis", true, 0..3, gallery);
        let gallery = taught(&bare, "my_rings", false, 0..3, gallery);
        let predictor = bare.clone().with_galleries(&[gallery]).unwrap();
        for (striped, class) in [(true, "orthaga_euadrusalis"), (false, "my_rings")] {
            let prediction = predictor.explain(&picture(striped, 9)).unwrap();
            let best = prediction.best().unwrap();
            assert_eq!((best.id.as_str(), best.basis, best.photos), (class, Basis::FewPhotos, 3), "{model}");
            assert_ne!(prediction.verdict, Verdict::NotMangoLeaf, "{model} {class}");
            assert_eq!(prediction.classes.len(), bare.classes().len() + 2);
            let sum: f32 = prediction.classes.iter().map(|class| class.probability).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
            assert!(prediction.heatmap.unwrap().values.contains(&1.0), "{model} {class}");
        }
        let emptied = predictor.with_galleries(&[Gallery::new(bare.embedding_id())]).unwrap();
        assert_eq!(emptied.predict(&picture(true, 9)).unwrap(), bare.predict(&picture(true, 9)).unwrap());
    }
}

#[test]
fn order_and_distribution_over_galleries_do_not_matter() {
    let bare = predictor("leaf-mini");
    let empty = || Gallery::new(bare.embedding_id());
    let [stripes, rings] =
        [taught(&bare, "stripes", true, 0..3, empty()), taught(&bare, "rings", false, 0..2, empty())];
    let both = taught(&bare, "rings", false, 0..2, stripes.clone());
    let answer = |galleries: &[Gallery]| {
        bare.clone().with_galleries(galleries).unwrap().predict(&picture(false, 5)).unwrap().to_json()
    };
    let expected = answer(std::slice::from_ref(&both));
    for galleries in [&[stripes.clone(), rings.clone()][..], &[rings.clone(), stripes], &[both, rings]] {
        assert_eq!(answer(galleries), expected);
    }
}

#[test]
fn galleries_that_do_not_match_are_refused() {
    let [lite0, mini] = ["leaf-lite0", "leaf-mini"].map(predictor);
    assert_ne!(lite0.embedding_id(), mini.embedding_id());
    let gallery = taught(&mini, "stripes", true, 0..1, Gallery::new(mini.embedding_id()));
    let refused = lite0.clone().with_galleries(std::slice::from_ref(&gallery)).unwrap_err();
    assert!(matches!(refused, UseError::Embedding { .. }), "{refused}");

    let (_, key, embedding) = gallery.photos().next().map(|(a, b, c)| (a.clone(), *b, c.clone())).unwrap();
    let disguised = Gallery::new(lite0.embedding_id()).with_photo(&id("stripes"), key, embedding.clone()).unwrap();
    assert!(matches!(lite0.with_galleries(&[disguised]).unwrap_err(), UseError::Length { .. }));

    let other = Gallery::new(mini.embedding_id()).with_photo(&id("rings"), key, embedding).unwrap();
    let refused = mini.with_galleries(&[gallery, other]).unwrap_err();
    assert!(matches!(refused, UseError::TwoClasses { .. }), "{refused}");
}

#[test]
fn a_hostile_embedding_is_refused_or_bounded() {
    let mini = predictor("leaf-mini");
    let length = mini.manifest().architecture.embedding_len();
    let gallery = |class: &str, row: &[f32]| {
        let stored = StoredEmbedding::of(row).unwrap();
        Gallery::new(mini.embedding_id()).with_photo(&id(class), PhotoKey::of(b"x"), stored).unwrap()
    };
    let row = |value: f32| (0..length).map(|i| if i % 2 == 0 { value } else { -value }).collect::<Vec<f32>>();
    for value in [1e6f32, 0.1] {
        let refused = mini.clone().with_galleries(&[gallery("healthy", &row(value))]).unwrap_err();
        assert!(matches!(refused, UseError::Impossible(_)), "{refused}");
    }
    // The norm of a real embedding, with unrealistic values.
    let taught = mini.clone().with_galleries(&[gallery("healthy", &row(0.06))]).unwrap();
    let observation = mini.observe_photo(&picture(true, 1)).unwrap();
    let joined = taught.join(&observation).unwrap();
    for (joined, bare) in joined.logits.iter().zip(&observation.logits) {
        assert!((joined - bare).abs() <= 60.0, "{joined} {bare}");
    }
}

#[test]
fn two_roundings_of_one_photo_give_the_same_answer() {
    let mini = predictor("leaf-mini");
    let kept = mini.embed(&picture(true, 0)).unwrap();
    let other: Vec<f32> = kept.values().iter().map(|value| value * 0.99).collect();
    let [one, other] = [kept, StoredEmbedding::of(&other).unwrap()]
        .map(|kept| Gallery::new(mini.embedding_id()).with_photo(&id("stripes"), PhotoKey::of(b"same"), kept).unwrap());
    let answer = |galleries: &[Gallery]| {
        mini.clone().with_galleries(galleries).unwrap().predict(&picture(true, 5)).unwrap().to_json()
    };
    assert_eq!(answer(&[one.clone(), other.clone()]), answer(&[other, one]));
}

#[test]
fn the_shipped_galleries_match_the_shipped_models() {
    for model in ["leaf-lite0", "leaf-mini"] {
        let file = format!("{}/../models/gallery/mango-pests/{model}.gallery", env!("CARGO_MANIFEST_DIR"));
        let gallery = Gallery::parse(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!((gallery.classes().count(), gallery.len()), (15, 90), "{model}");
        let bare = predictor(model);
        let taught = bare.clone().with_galleries(&[gallery]).unwrap();
        assert_eq!(taught.classes().len(), bare.classes().len() + 15, "{model}");
    }
}

#[test]
fn a_guild_is_named_if_only_the_species_is_unsure() {
    let mini = predictor("leaf-mini").with_guilds(&Catalog::builtin().unwrap());
    let gallery = Gallery::new(mini.embedding_id());
    // The same pictures in two pest classes of one guild cannot be distinguished.
    let gallery = taught(&mini, "aulacaspis_tubercularis", true, 0..3, gallery);
    let gallery = taught(&mini, "ceroplastes_rubens", true, 10..13, gallery);
    let predictor = mini.with_galleries(&[gallery]).unwrap();
    let unsure = predictor.predict(&picture(true, 6)).unwrap();
    assert_eq!(unsure.verdict, Verdict::Unsure, "{}", unsure.to_json());
    let guild = unsure.guild.unwrap();
    assert_eq!(guild.id.as_str(), "scales");
    assert!(guild.probability > unsure.classes[0].probability);
}

#[test]
fn leave_one_out_finds_a_photo_with_the_wrong_class() {
    let mini = predictor("leaf-mini");
    let gallery = taught(&mini, "stripes", true, 0..3, Gallery::new(mini.embedding_id()));
    let gallery = taught(&mini, "rings", false, 0..5, gallery);
    let gallery = taught(&mini, "stripes", false, 7..8, gallery);
    let wrong = PhotoKey::of(b"false 7");
    for (class, key, _) in gallery.photos() {
        let called = mini.leave_one_out(std::slice::from_ref(&gallery), *key).unwrap().best().unwrap().id.clone();
        assert_eq!(called == *class, *key != wrong, "{class} {key}");
    }
    assert!(matches!(
        mini.leave_one_out(std::slice::from_ref(&gallery), PhotoKey::of(b"none")).unwrap_err(),
        UseError::NoPhoto(_)
    ));
}
