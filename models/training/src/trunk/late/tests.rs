use super::*;
use mango_inference::network::{EfficientNetLite, Stage};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn architecture() -> Architecture {
    let stage = |channels| Stage { expand: 2, channels, repeat: 1, stride: 1, kernel: 3 };
    Architecture { stem: 4, stages: vec![stage(4), stage(6)], head: Some(8), embedding_stage: 2 }
}

/// Two classes of 4x4 maps that differ in the sign of a gradient, and a teacher with the right answers.
fn lesson() -> Lesson {
    let mut rng = StdRng::seed_from_u64(3);
    let labels: Vec<usize> = (0..40).map(|photo| photo % 2).collect();
    let map = |label: usize, rng: &mut StdRng| -> Vec<f32> {
        let slope = if label == 0 { 1.0 } else { -1.0 };
        (0..4 * 16).map(|i| slope * (i % 4) as f32 + rng.random_range(-0.5..0.5)).collect()
    };
    let look = |rng: &mut StdRng| Features { len: 64, values: labels.iter().flat_map(|l| map(*l, rng)).collect() };
    let logits = labels.iter().flat_map(|label| if *label == 0 { [3.0, -3.0] } else { [-3.0, 3.0] }).collect();
    let embeddings = labels.iter().flat_map(|label| [*label as f32, 1.0 - *label as f32, 0.5]).collect();
    let (logits, embeddings) = (Features { len: 2, values: logits }, Features { len: 3, values: embeddings });
    Lesson {
        maps: vec![look(&mut rng), look(&mut rng)],
        map_shape: [4, 4, 4],
        weights: vec![1.0; 40],
        teacher_logits: vec![logits.clone(), logits],
        teacher_embeddings: vec![embeddings.clone(), embeddings],
        targets: labels.iter().map(|label| vec![*label == 0, *label == 1]).collect(),
        outputs: 2,
    }
}

fn how(epochs: u64) -> LateStages {
    LateStages {
        frozen_stages: 1,
        views: 1,
        epochs,
        batch: 8,
        learning_rate: 0.02,
        weight_decay: 0.01,
        label_smoothing: 0.05,
        mix_style: 0.5,
        averaging: 0.9,
        share: 1.0,
        teacher: Some(Teacher { bundle: "none".into(), softness: 2.0, share: 0.5, imitation: 1.0 }),
    }
}

/// Nonzero weights of the frozen part, without a head.
fn trunk() -> Weights {
    let mut rng = StdRng::seed_from_u64(5);
    let weights = Weights::of(&EfficientNetLite::new(&architecture(), &Device::flex())).map(|data| {
        let values: Vec<f32> = (0..data.num_elements()).map(|_| rng.random_range(-0.5..0.5)).collect();
        burn::tensor::TensorData::new(values, data.shape().to_vec())
    });
    weights.without("head")
}

fn losses(run: &mut Run<'_>, steps: u64, of: u64) -> Vec<f32> {
    (0..steps).map(|_| run.step(of)).collect()
}

#[test]
fn the_loss_falls_and_frozen_stages_are_unchanged() {
    let (lesson, how, folder) = (lesson(), how(30), tempfile::tempdir().unwrap());
    let mut run = Run::new(&architecture(), &trunk(), &lesson, &how, 1, folder.path()).unwrap();
    let losses = losses(&mut run, 150, 150);
    assert!(losses[145..].iter().sum::<f32>() < 0.3 * losses[..5].iter().sum::<f32>(), "{losses:?}");
    let trained = run.average.into_weights().under("trunk");
    for (name, moves) in [("stem.weight", false), ("blocks.0.project.weight", false), ("blocks.1.project.weight", true)]
    {
        assert_eq!(trained.get(name).unwrap() != trunk().get(name).unwrap(), moves, "{name}");
    }
}

#[test]
fn an_interrupted_run_has_the_result_of_an_uninterrupted_one() {
    let (lesson, how) = (lesson(), how(4));
    let new = |folder: &Path| Run::new(&architecture(), &trunk(), &lesson, &how, 1, folder).unwrap();
    let [whole, halves] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut first = new(halves.path());
    losses(&mut first, 7, 20);
    first.save().unwrap();
    losses(&mut first, 5, 20); // Steps after the checkpoint are lost with the process.
    drop(first);
    let resumed = new(halves.path());
    assert_eq!(resumed.step, 7);
    let never = Duration::from_secs(3600);
    let [resumed, uninterrupted] = [resumed, new(whole.path())].map(|run| run.finish(never).unwrap());
    let bytes = |weights: Weights| weights.encode(mango_inference::Precision::F32).unwrap();
    assert!(bytes(resumed) == bytes(uninterrupted));
}

#[test]
fn the_hash_of_a_train_set_covers_all_its_fields() {
    let name = |change: fn(&mut Lesson)| {
        let mut lesson = lesson();
        change(&mut lesson);
        lesson.sha256()
    };
    let changes: [fn(&mut Lesson); 5] = [
        |lesson| lesson.targets[3] = vec![true, true],
        |lesson| lesson.weights[3] = 2.0,
        |lesson| lesson.maps[1].values[5] += 1.0,
        |lesson| lesson.teacher_logits[0].values[5] += 1.0,
        |lesson| lesson.teacher_embeddings[1].values[5] += 1.0,
    ];
    let same = name(|_| ());
    assert_eq!(same, lesson().sha256());
    for change in changes {
        assert_ne!(name(change), same);
    }
}

#[test]
fn a_diverging_run_is_stopped_and_leaves_no_checkpoint() {
    let (lesson, mut how, folder) = (lesson(), how(4), tempfile::tempdir().unwrap());
    how.learning_rate = 1e30;
    let run = Run::new(&architecture(), &trunk(), &lesson, &how, 1, folder.path()).unwrap();
    let message = run.finish(Duration::ZERO).unwrap_err().to_string();
    assert!(message.contains("late.learning_rate"), "{message}");
}
