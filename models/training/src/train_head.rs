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
use crate::cli::Folders;
use crate::dataset::{Dataset, Split};
use crate::features::{Extractor, Features};
use crate::head::{Head, HeadTraining, Labelled, TrainedHead, train};
use crate::imagenet;
use crate::metrics::{Confusion, Judged};

const SIZE: u32 = 224;
const VIEWS: [View; 3] = [View::Squash, View::CentreCrop { fraction: 1.0 }, View::CentreCrop { fraction: 0.875 }];
const WEIGHT_DECAYS: [f64; 3] = [0.01, 0.1, 1.0];

/// One way of training that validation judges.
struct Candidate {
    view: View,
    weight_decay: f64,
    trained: TrainedHead,
    accuracy: f64,
    macro_f1: f64,
}

pub(crate) fn run(folders: &Folders, bundle: &Path, version: &str, seed: u64) -> Result<()> {
    let dataset = Dataset::mango_leaf_bd(&folders.data)?;
    let classes = dataset.classes();
    let trunk = shipped_trunk(&folders.cache)?;
    let device = Device::flex();
    let extractor = Extractor {
        trunk: trunk.clone().fill(EfficientNetLite::new(&Architecture::lite0(), &device))?,
        weights_sha256: sha256(&trunk.clone().encode(Precision::F16)?),
        device,
    };
    let (train_set, val_set) = (dataset.split(Split::Train), dataset.split(Split::Val));
    let (train_labels, val_labels) = (train_set.labels(&classes)?, val_set.labels(&classes)?);

    let mut candidates = Vec::new();
    println!("{:24} {:>7} {:>5} {:>8} {:>8} {:>8}", "view", "decay", "epoch", "val loss", "val acc", "val F1");
    for view in VIEWS {
        let preprocessing = Preprocessing::efficientnet_lite(SIZE, view);
        let train_features = extractor.features(&train_set, preprocessing, &folders.cache)?;
        let val_features = extractor.features(&val_set, preprocessing, &folders.cache)?;
        for weight_decay in WEIGHT_DECAYS {
            let how = HeadTraining { weight_decay: weight_decay as f32, seed, ..HeadTraining::default() };
            let trained = train(
                Labelled { features: &train_features, labels: &train_labels },
                Labelled { features: &val_features, labels: &val_labels },
                classes.len(),
                how,
            )?;
            let confusion = judge(&trained.head, &val_features, &val_set, &val_labels, classes.len());
            let (accuracy, macro_f1) = (confusion.accuracy(), confusion.macro_f1());
            println!(
                "{:24} {weight_decay:>7} {:>5} {:>8.4} {accuracy:>8.4} {macro_f1:>8.4}",
                format!("{view:?}").replace("CentreCrop", "centre crop").replace("Squash", "squash"),
                trained.epoch,
                trained.val_loss,
            );
            candidates.push(Candidate { view, weight_decay, trained, accuracy, macro_f1 });
        }
    }
    // The loss, not F1: validation has few errors to count, and the loss weighs every photo.
    let best = candidates
        .into_iter()
        .min_by(|a, b| a.trained.val_loss.total_cmp(&b.trained.val_loss))
        .context("no candidate was trained")?;
    let preprocessing = Preprocessing::efficientnet_lite(SIZE, best.view);
    let val_features = extractor.features(&val_set, preprocessing, &folders.cache)?;
    let model = ModelId { name: "leaf-lite0".to_owned(), version: version.to_owned() };
    let saved = assemble(model, classes, trunk, &best, &val_features, &val_labels, seed)?;
    saved.save(bundle)?;
    println!("saved {} ({} kB of weights)", bundle.display(), saved.weights_len() / 1000);
    Ok(())
}

/// The imported trunk as the bundle will hold it: rounded to half precision, so that training sees what users run.
fn shipped_trunk(cache: &Path) -> Result<Weights> {
    let trunk = imagenet::load(cache)?.under("trunk");
    Ok(Weights::parse(&trunk.encode(Precision::F16)?)?)
}

fn judge(head: &Head, features: &Features, set: &Dataset, labels: &[usize], classes: usize) -> Confusion {
    let judged: Vec<Judged> = head
        .logits(features)
        .iter()
        .zip(labels.iter().zip(&set.samples))
        .map(|(logits, (truth, sample))| {
            let predicted = (0..classes).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or(0);
            Judged { truth: *truth, predicted, probability: 0.0, group: sample.group.clone() }
        })
        .collect();
    Confusion::new(classes, &judged)
}

fn assemble(
    model: ModelId,
    classes: Vec<ClassId>,
    trunk: Weights,
    best: &Candidate,
    val_features: &Features,
    val_labels: &[usize],
    seed: u64,
) -> Result<ModelBundle> {
    let architecture = Architecture::lite0();
    let mut head = Weights::default();
    let Head { weight, bias } = best.trained.head.clone();
    head.insert("weight", TensorData::new(weight, [architecture.embedding_len(), classes.len()]));
    head.insert("bias", TensorData::new(bias, [classes.len()]));
    let head = Weights::parse(&head.encode(Precision::F16)?)?;
    let rounded = |name: &str| head.get(name).map(|data| data.iter::<f32>().collect()).unwrap_or_default();
    let logits = Head { weight: rounded("weight"), bias: rounded("bias") }.logits(val_features);
    let calibration = calibrate::fit(&logits, val_labels);
    let uncalibrated = Calibration { temperature: 1.0, ..calibration };
    let nll = |calibration| calibrate::negative_log_likelihood(calibration, &logits, val_labels);

    let mut weights = Weights::default();
    weights.extend_under("trunk", trunk);
    weights.extend_under("classifier", head);
    let weights = weights.encode(Precision::F16)?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model,
        architecture,
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
            ("train.epoch".to_owned(), best.trained.epoch as f64),
            ("train.weight_decay".to_owned(), best.weight_decay),
            ("val.accuracy".to_owned(), best.accuracy),
            ("val.macro_f1".to_owned(), best.macro_f1),
            ("val.nll_before_temperature".to_owned(), nll(&uncalibrated)),
            ("val.nll".to_owned(), nll(&calibration)),
        ]),
    };
    Ok(ModelBundle::new(&manifest.to_json(), weights)?)
}
