//! Models small enough for hundreds of predictions a second.

use std::sync::LazyLock;

use burn::tensor::TensorData;
use image::{Rgb, RgbImage};
use mango_inference::network::{Architecture, LeafNet, Stage};
use mango_inference::{
    Backend, Calibration, Catalog, ClassId, Domain, Manifest, ModelBundle, ModelId, Photo, Precision, Predictor,
    Preprocessing, Provenance, View, Weights, WeightsFile, sha256,
};

/// The model's name.
pub const NAME: &str = "tiny";

/// Two classes of one group, and one without a group.
const CLASSES: [&str; 3] = ["anthracnose", "healthy", "sooty_mould"];

/// An architecture with every optional part.
#[must_use]
pub fn architecture() -> Architecture {
    let stage = |channels, stride, kernel| Stage { expand: 2, channels, repeat: 2, stride, kernel };
    Architecture { stem: 4, stages: vec![stage(6, 1, 3), stage(8, 2, 5)], head: Some(12), embedding_stage: 1 }
}

/// The smallest network, so that its weights files are small.
#[must_use]
pub fn least() -> Architecture {
    let stage = Stage { expand: 1, channels: 2, repeat: 1, stride: 2, kernel: 3 };
    Architecture { stem: 2, stages: vec![stage], head: None, embedding_stage: 1 }
}

/// A bundle with deterministic pseudo-random weights, with or without a subspace of known leaves.
#[must_use]
pub fn bundle(architecture: &Architecture, precision: Precision, domain: Option<Domain>) -> ModelBundle {
    let (length, rank) = (architecture.embedding_len(), domain.map(|_| 1));
    let zeros = LeafNet::new(architecture, length, CLASSES.len(), rank, &Backend::default().device());
    let mut state = 1u32;
    let weights = Weights::of(&zeros).map(|data| {
        let values = (0..data.num_elements()).map(|_| {
            // The linear congruential generator of Numerical Recipes.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        });
        TensorData::new(values.collect::<Vec<f32>>(), data.shape().to_vec())
    });
    let weights = weights.encode(precision).expect("weights of a network");
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model: ModelId { name: NAME.to_owned(), version: "1".to_owned() },
        architecture: architecture.clone(),
        classes: CLASSES.map(|id| ClassId::try_from(id.to_owned()).expect("an id")).to_vec(),
        parts: Default::default(),
        healthy: Default::default(),
        others: None,
        symptom: None,
        preprocessing: Preprocessing::efficientnet_lite(32, View::CentreCrop { fraction: 0.875 }),
        calibration: Calibration { temperature: 0.3, slope: 0.5, confident: 0.5 },
        domain,
        few_photos: Default::default(),
        weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision },
        provenance: Provenance { base: "none".to_owned(), data: "none".to_owned(), license: "MIT".to_owned(), seed: 1 },
        measured: Default::default(),
    };
    ModelBundle::new(&manifest.to_json(), weights).expect("a bundle")
}

/// The model that the targets use.
#[must_use]
pub fn served() -> ModelBundle {
    bundle(&architecture(), Precision::F32, Some(Domain { typical: 1.0, limit: 1.2 }))
}

/// [`served`], loaded once, since loading takes longer than thousands of runs.
#[must_use]
pub fn predictor() -> &'static Predictor {
    static PREDICTOR: LazyLock<Predictor> = LazyLock::new(|| {
        let predictor = Predictor::new(&served(), Backend::default()).expect("a model");
        predictor.with_guilds(&Catalog::builtin().expect("the catalog"))
    });
    &PREDICTOR
}

/// A picture of stripes, different for each number.
#[must_use]
pub fn picture(number: u32) -> RgbImage {
    RgbImage::from_fn(12, 8, |x, y| Rgb([(x * (9 + number)) as u8, (y * 25 + number * 31) as u8, 60]))
}

/// The picture as a photo.
#[must_use]
pub fn photo() -> Photo {
    Photo::from_pixels(picture(0))
}
