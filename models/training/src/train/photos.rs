//! Photos to train on.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use mango_inference::{ClassId, Part};

use crate::photos::dataset::{Dataset, Split};
use crate::photos::sources::{Collection, DISEASED, FRUIT, Feedback, OTHER_LEAF, OTHER_SCENE, Outputs, Source};

/// Photos to train on and where they come from.
#[derive(Debug)]
pub(crate) struct Photos {
    /// The photos with their sources and splits.
    pub(crate) collection: Collection,
    /// What a model trained on them puts out.
    pub(crate) outputs: Outputs,
    /// What the manifest says of them.
    pub(crate) source: String,
    /// Licence of weights trained on them.
    pub(crate) license: String,
}

impl Photos {
    /// The photo sets of these sources in the folder of the photo sets.
    pub(crate) fn of_sources(data: &Path, sources: &[Source]) -> Result<Self> {
        for source in sources {
            ensure!(source.origin().trained_on, "{} is for measuring only; take it out of sources", source.name());
        }
        let collection = Collection::read(data, sources)?;
        let outputs = outputs(&collection.photos);
        ensure!(outputs.classes().len() >= 2, "the photos show {} classes; a model needs two", outputs.classes().len());
        let credits: Vec<&str> = sources.iter().map(|source| source.origin().credit).collect();
        let permissive = sources.iter().all(|source| matches!(source, Source::Chouhan | Source::NotMango));
        let license = if permissive { "CC-BY-4.0" } else { "CC-BY-NC-4.0" };
        Ok(Self { collection, outputs, source: credits.join("; ") + "; train", license: license.to_owned() })
    }

    /// A folder of photos of its user's own.
    pub(crate) fn of_folder(dataset: Dataset, license: String) -> Result<Self> {
        let outputs = outputs(&dataset);
        let sources = vec![Source::Own; dataset.samples.len()];
        let source = "photos of its maker's own, train split".to_owned();
        Ok(Self { collection: Collection { photos: dataset, sources }, outputs, source, license })
    }
}

impl Photos {
    /// The same with feedback as one more source. It adds no class: a few photos do not make one.
    pub(crate) fn with_feedback(mut self, feedback: Feedback) -> Result<Self> {
        let feedback = feedback.only(|class| self.outputs.classes().iter().any(|(id, _)| id == class))?;
        println!("feedback: {}", feedback.counts);
        let trained: usize = feedback.samples.iter().filter(|sample| sample.split == Split::Train).count();
        self.source = format!("{}; {trained} photos that growers sent as feedback", self.source);
        let Collection { photos, sources } = &mut self.collection;
        sources.extend(std::iter::repeat_n(Source::Feedback, feedback.samples.len()));
        photos.samples.extend(feedback.samples);
        Ok(self)
    }
}

/// An output for every class that the photos show, and rejection outputs where there are photos for them.
fn outputs(photos: &Dataset) -> Outputs {
    let labels: BTreeSet<ClassId> = photos.classes().into_iter().collect();
    let is_open = |id: &ClassId| [DISEASED, OTHER_LEAF, OTHER_SCENE].contains(&id.as_str());
    let others = [OTHER_LEAF, OTHER_SCENE].into_iter().filter(|other| labels.iter().any(|id| id.as_str() == *other));
    let others: Vec<&'static str> = others.collect();
    let part = |id: &ClassId| if id.as_str().starts_with(FRUIT) { Part::Fruit } else { Part::Leaf };
    let mut classes: Vec<(ClassId, Part)> =
        labels.iter().filter(|id| !is_open(id)).map(|id| (id.clone(), part(id))).collect();
    // A set that only knows symptoms from none has one class for all of them.
    if labels.iter().any(|id| id.as_str() == DISEASED) && classes.iter().all(|(id, _)| id.as_str() == "healthy") {
        classes.extend(labels.iter().filter(|id| id.as_str() == DISEASED).map(|id| (id.clone(), Part::Leaf)));
    }
    Outputs::new(classes, others)
}
