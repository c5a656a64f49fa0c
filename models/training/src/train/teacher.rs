//! A finished model that a student learns from.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use mango_inference::{Backend, Manifest, ModelBundle, Predictor};

use crate::photos::dataset::Dataset;
use crate::photos::sources::Outputs;
use crate::trunk::features::{Features, Look, cached};
use crate::trunk::late::Teacher;

/// The teacher, loaded.
pub(super) struct TeacherModel {
    predictor: Predictor,
}

impl TeacherModel {
    pub(super) fn load(teacher: &Teacher, outputs: &Outputs) -> Result<Self> {
        let bundle = ModelBundle::load(&teacher.bundle)
            .with_context(|| format!("cannot learn from {}", teacher.bundle.display()))?;
        let manifest = bundle.manifest();
        let classes = outputs.classes().iter().map(|(id, _)| id);
        ensure!(
            manifest.classes.iter().eq(classes) && manifest.outputs() == outputs.len(),
            "the teacher in {} knows other classes than the photos show",
            teacher.bundle.display()
        );
        // The student learns from the view that it sees itself.
        let of_one_crop = Manifest { preprocessing: manifest.preprocessing.of_one_crop(), ..manifest.clone() };
        let bundle = bundle.with_manifest(&of_one_crop)?;
        Ok(Self { predictor: Predictor::new(&bundle, Backend::default())? })
    }

    /// Logits and embeddings of every photo as `look` shows it.
    pub(super) fn answers(&self, dataset: &Dataset, look: Look, cache: &Path) -> Result<(Features, Features)> {
        let manifest = self.predictor.manifest();
        let outputs = manifest.outputs();
        let key = format!("teacher {} {}", manifest.weights.sha256, serde_json::to_string(&manifest.preprocessing)?);
        let joined = cached(dataset, look, &key, cache, |photo| {
            let observation = self.predictor.observe_photo(photo)?;
            Ok([observation.logits, observation.others, observation.embedding].concat())
        })?;
        let part = |from: usize, to: usize| Features {
            len: to - from,
            values: joined.values.chunks(joined.len).flat_map(|row| row[from..to].iter().copied()).collect(),
        };
        Ok((part(0, outputs), part(outputs, joined.len)))
    }
}
