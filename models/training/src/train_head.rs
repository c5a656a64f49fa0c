//! `train-head`: a linear classifier on frozen ImageNet features becomes a bundle.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::{Device, TensorData};
use mango_inference::network::{Architecture, EfficientNetLite};
use mango_inference::{
    Calibration, ClassId, Manifest, ModelBundle, ModelId, Precision, Preprocessing, Provenance, View, Weights,
    WeightsFile, sha256,
};

use crate::calibrate;
use crate::dataset::{Dataset, Split};
use crate::features::Extractor;
use crate::head::{Head, HeadTraining, Labelled, train};
use crate::imagenet;
use crate::measure::metrics::Confusion;

const SIZE: u32 = 224;
const VIEWS: [View; 3] = [View::Squash, View::CentreCrop { fraction: 1.0 }, View::CentreCrop { fraction: 0.875 }];
const WEIGHT_DECAYS: [f64; 3] = [0.01, 0.1, 1.0];

/// One way of training that validation judges, its head rounded as the bundle will hold it.
struct Candidate {
    view: View,
    weight_decay: f64,
    epoch: usize,
    head: Weights,
    val: Validation,
}

/// Trains on the photo sets in `data`, keeps embeddings in `cache`, and writes the bundle.
pub(crate) fn run(data: &Path, cache: &Path, bundle: &Path, version: &str, seed: u64) -> Result<()> {
    let dataset = Dataset::mango_leaf_bd(data)?;
    let classes = dataset.classes();
    let trunk = rounded(imagenet::load(cache)?.under("trunk"))?;
    let device = Device::flex();
    let extractor = Extractor {
        trunk: trunk.clone().fill(EfficientNetLite::new(&Architecture::lite0(), &device))?,
        weights_sha256: sha256(&trunk.clone().encode(Precision::F16)?),
        device,
    };
    let (train_set, val_set) = (dataset.split(Split::Train), dataset.split(Split::Val));
    let (train_labels, val_labels) = (train_set.labels(&classes)?, val_set.labels(&classes)?);

    let mut candidates = Vec::new();
    println!("{:20} {:>7} {:>5} {:>8} {:>8} {:>8}", "view", "decay", "epoch", "val loss", "val acc", "val F1");
    for view in VIEWS {
        let preprocessing = Preprocessing::efficientnet_lite(SIZE, view);
        let train_features = extractor.features(&train_set, preprocessing, cache)?;
        let val_features = extractor.features(&val_set, preprocessing, cache)?;
        let val = Labelled { features: &val_features, labels: &val_labels };
        for weight_decay in WEIGHT_DECAYS {
            let how = HeadTraining { weight_decay: weight_decay as f32, seed, ..HeadTraining::default() };
            let labelled = Labelled { features: &train_features, labels: &train_labels };
            let trained = train(labelled, val, classes.len(), how)?;
            let head = rounded(named(trained.head, classes.len()))?;
            let validation = Validation::of(&head, val);
            let confusion = validation.confusion(&val_labels, classes.len());
            println!(
                "{:20} {weight_decay:>7} {:>5} {:>8.4} {:>8.4} {:>8.4}",
                view_name(view),
                trained.epoch,
                validation.loss(1.0, &val_labels),
                confusion.accuracy(),
                confusion.macro_f1(),
            );
            candidates.push(Candidate { view, weight_decay, epoch: trained.epoch, head, val: validation });
        }
    }
    // The loss, not F1: validation has few errors to count, and the loss weighs every photo.
    let best = candidates
        .into_iter()
        .min_by(|a, b| a.val.loss(1.0, &val_labels).total_cmp(&b.val.loss(1.0, &val_labels)))
        .context("no candidate was trained")?;
    let model = ModelId { name: "leaf-lite0".to_owned(), version: version.to_owned() };
    let saved = assemble(model, classes, trunk, best, &val_labels, seed)?;
    saved.save(bundle)?;
    println!("saved {} ({} kB of weights)", bundle.display(), saved.weights_len() / 1000);
    Ok(())
}

/// Weights as the bundle will hold them: training and validation see what users run.
fn rounded(weights: Weights) -> Result<Weights> {
    Ok(Weights::parse(&weights.encode(Precision::F16)?, Precision::F16)?)
}

/// The head's tensors under the names of the network's classifier.
fn named(head: Head, classes: usize) -> Weights {
    let mut weights = Weights::default();
    let rows = head.weight.len() / classes;
    weights.insert("weight", TensorData::new(head.weight, [rows, classes]));
    weights.insert("bias", TensorData::new(head.bias, [classes]));
    weights
}

fn view_name(view: View) -> String {
    match view {
        View::CentreCrop { fraction } => format!("centre crop {fraction}"),
        View::Squash => "squash".to_owned(),
    }
}

/// What a head makes of the validation split.
struct Validation {
    logits: Vec<Vec<f32>>,
}

impl Validation {
    fn of(head: &Weights, val: Labelled<'_>) -> Self {
        let values = |name: &str| head.get(name).map(|data| data.iter::<f32>().collect()).unwrap_or_default();
        Self { logits: Head { weight: values("weight"), bias: values("bias") }.logits(val.features) }
    }

    /// Mean negative log-likelihood at that temperature.
    fn loss(&self, temperature: f32, labels: &[usize]) -> f64 {
        let calibration = Calibration { temperature, confident: 1.0 };
        calibrate::negative_log_likelihood(&calibration, &self.logits, labels)
    }

    fn confusion(&self, labels: &[usize], classes: usize) -> Confusion {
        let predicted = self
            .logits
            .iter()
            .map(|logits| (0..classes).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or_default());
        Confusion::count(classes, labels.iter().copied().zip(predicted))
    }
}

fn assemble(
    model: ModelId,
    classes: Vec<ClassId>,
    trunk: Weights,
    best: Candidate,
    val_labels: &[usize],
    seed: u64,
) -> Result<ModelBundle> {
    let calibration = calibrate::fit(&best.val.logits, val_labels);
    let confusion = best.val.confusion(val_labels, classes.len());
    let mut weights = Weights::default();
    weights.extend_under("trunk", trunk);
    weights.extend_under("classifier", best.head);
    let weights = weights.encode(Precision::F16)?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model,
        architecture: Architecture::lite0(),
        classes,
        preprocessing: Preprocessing::efficientnet_lite(SIZE, best.view),
        calibration,
        weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision: Precision::F16 },
        provenance: Provenance {
            base: format!("EfficientNet-Lite0, ImageNet (Apache-2.0), .pth sha256 {}", imagenet::PTH_SHA256),
            data: "MangoLeafBD (doi 10.17632/hxsnvwty3r.1), grouped split, train".to_owned(),
            license: "CC-BY-NC-4.0".to_owned(),
            seed,
        },
        measured: BTreeMap::from([
            ("train.epoch".to_owned(), best.epoch as f64),
            ("train.weight_decay".to_owned(), best.weight_decay),
            ("val.accuracy".to_owned(), confusion.accuracy()),
            ("val.macro_f1".to_owned(), confusion.macro_f1()),
            ("val.nll_before_temperature".to_owned(), best.val.loss(1.0, val_labels)),
            ("val.nll".to_owned(), best.val.loss(calibration.temperature, val_labels)),
        ]),
    };
    Ok(ModelBundle::new(&manifest.to_json(), weights)?)
}
