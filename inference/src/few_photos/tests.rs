use super::*;
use proptest::prelude::*;

const LEN: usize = 12;

fn id(name: &str) -> ClassId {
    name.to_owned().try_into().unwrap()
}

/// An embedding close to one axis.
fn near(axis: usize, stray: f32) -> Vec<f32> {
    (0..LEN).map(|i| if i == axis { 1.0 } else { stray * ((i * 7 + axis * 3) % 5) as f32 / 5.0 }).collect()
}

fn example(class: &str, embedding: Vec<f32>) -> Example {
    Example { class: id(class), embedding, logits: vec![2.0, 0.5] }
}

/// The evidence of a model without rejection outputs.
fn scored(out_of_domain: f32) -> Unfamiliarity {
    Unfamiliarity { not_mango: None, out_of_domain: Some(out_of_domain) }
}

fn learnt(examples: &[Example]) -> FewPhotos {
    FewPhotos::fit(&[id("a"), id("b")], vec![0.0; LEN], &[near(11, 0.0)], examples).unwrap()
}

fn first(few: &FewPhotos, embedding: &[f32], logits: &[f32], score: f32) -> ClassId {
    let joined = few.join(embedding, logits, scored(score)).logits;
    let best = (0..joined.len()).max_by(|a, b| joined[*a].total_cmp(&joined[*b])).unwrap();
    few.classes()[best].clone()
}

fn pests() -> FewPhotos {
    let photos = [("mite", 2, 0.0), ("mite", 2, 0.1), ("scale", 3, 0.0), ("scale", 3, 0.1), ("bug", 4, 0.05)];
    learnt(&photos.map(|(class, axis, stray)| example(class, near(axis, stray))))
}

#[test]
fn a_photo_similar_to_a_few_shot_class_is_classified_as_it() {
    let few = pests();
    assert_eq!(few.classes(), [id("a"), id("b"), id("mite"), id("scale"), id("bug")]);
    for (class, axis) in [("mite", 2), ("scale", 3), ("bug", 4)] {
        assert_eq!(first(&few, &near(axis, 0.07), &[2.0, 0.5], 3.0), id(class));
    }
    assert_eq!([2, 3, 4].map(|class| few.photos(class)), [2, 2, 1]);
    assert!(few.is_new(2) && !few.is_new(1));
}

#[test]
fn far_from_the_gallery_the_trained_classes_keep_their_logits() {
    let few = pests();
    let joined = few.join(&near(8, 0.0), &[2.0, 0.5], scored(1.0));
    assert!((joined.logits[0] - 2.0).abs() < 0.1 && (joined.logits[1] - 0.5).abs() < 0.1, "{joined:?}");
    assert!(joined.logits[2..].iter().all(|logit| *logit < 2.0 - 4.0), "{joined:?}");
    assert!(joined.novelty > 0.99);
    assert!(few.join(&near(2, 0.05), &[2.0, 0.5], scored(3.0)).novelty < 0.8);
}

#[test]
fn the_prior_of_a_few_shot_class_grows_with_the_log_odds_up_to_that_of_the_best_trained_class() {
    let at = |not_mango| prior(Unfamiliarity { not_mango: Some(not_mango), out_of_domain: None });
    assert!(at(0.001) < at(0.1) && at(0.1) < at(0.5));
    assert_eq!(at(0.99), 0.0);
}

#[test]
fn gallery_photos_of_a_trained_class_adapt_it() {
    let local = |class: &str| Example { logits: vec![3.0, 0.0], ..example(class, near(5, 0.02)) };
    assert_eq!(first(&learnt(&[local("b")]), &near(5, 0.05), &[3.0, 0.0], 1.5), id("b"));
    assert_eq!(first(&learnt(&[local("a")]), &near(5, 0.05), &[3.0, 0.0], 1.5), id("a"));
}

#[test]
fn the_direction_is_the_gradient_orthogonal_to_the_embedding() {
    // Without a basis and with one photo per class the metric is Euclidean.
    let photos = [("mite", 2), ("scale", 3)].map(|(class, axis)| example(class, near(axis, 0.2)));
    let few = FewPhotos::fit(&[id("a"), id("b")], vec![0.0; LEN], &[], &photos).unwrap();
    let at = near(2, 0.4);
    let logit = |embedding: &[f32]| {
        let logits = few.join(embedding, &[2.0, 0.5], scored(3.0)).logits;
        f64::from(logits[2] - logits.iter().sum::<f32>() / logits.len() as f32)
    };
    let direction = few.direction(2, &at);
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    for axis in 0..LEN {
        let along = dot(&near(axis, 0.0), &at) / dot(&at, &at);
        let across: Vec<f32> = near(axis, 0.0).iter().zip(&at).map(|(d, x)| d - along * x).collect();
        let moved = |by: f32| at.iter().zip(&across).map(|(x, d)| x + by * d).collect::<Vec<_>>();
        let slope = (logit(&moved(0.01)) - logit(&moved(-0.01))) / 0.02;
        assert!((slope - f64::from(dot(&direction, &across))).abs() < 0.02, "axis {axis}: {slope}");
    }
}

#[test]
fn no_photos_give_no_classifier() {
    assert!(FewPhotos::fit(&[id("a")], vec![0.0; LEN], &[], &[]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn logits_and_novelty_are_finite_for_any_photos(
        photos in proptest::collection::vec((0..3usize, proptest::collection::vec(-1f32..1.0, LEN)), 1..12),
        other in proptest::collection::vec(-1f32..1.0, LEN),
    ) {
        let examples: Vec<Example> =
            photos.iter().map(|(class, row)| example(["x", "y", "a"][*class], row.clone())).collect();
        let joined = learnt(&examples).join(&other, &[2.0, 0.5], scored(0.7));
        prop_assert!(joined.logits.iter().all(|logit| logit.is_finite()));
        prop_assert!((0.0..=1.0).contains(&joined.novelty));
    }

    #[test]
    fn a_single_photo_raises_its_own_class(row in proptest::collection::vec(-1f32..1.0, LEN), class in 0..3usize) {
        let example = example(["x", "b", "a"][class], row);
        let few = learnt(std::slice::from_ref(&example));
        let class = few.classes().iter().position(|id| *id == example.class).unwrap();
        let raised = few.join(&example.embedding, &example.logits, scored(3.0)).logits[class];
        let before = base(&example.logits, prior(scored(3.0)), few.classes().len())[class];
        prop_assert!(f64::from(raised) > before + 5.0, "{raised} {before}");
    }
}
