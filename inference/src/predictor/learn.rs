//! What galleries teach a model.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use sha2::{Digest, Sha256};

use super::{PredictError, Predictor, column, only, rows};
use crate::class::ClassId;
use crate::few_photos::{Example, FewPhotos};
use crate::gallery::{EmbeddingId, Gallery, PhotoKey, StoredEmbedding};
use crate::network::Subspace;
use crate::observation::Observation;
use crate::photo::Photo;
use crate::prediction::Prediction;
use crate::timing;
use crate::weights::Weights;

/// How much longer than its parts allow a stored embedding may be: it is rounded.
const ROUNDING: f64 = 1.03;

/// Views of a photo in one forward pass: all on machines of several processors, one where memory is dear.
const VIEWS_AT_ONCE: usize = if cfg!(target_family = "wasm") { 1 } else { 10 };

impl Predictor {
    /// The predictor with these galleries in place of those it had. Their order does not matter, nor that a photo is
    /// in several of them.
    ///
    /// # Errors
    /// [`UseError`] if a gallery is of another embedding, or two have a photo under different classes.
    pub fn with_galleries(self, galleries: &[Gallery]) -> Result<Self, UseError> {
        let few_photos = if galleries.iter().all(Gallery::is_empty) {
            None
        } else {
            let examples = self.examples(&self.photos(galleries)?)?;
            let length = self.manifest.embedding_len();
            let (centre, basis) =
                self.network.domain().map_or_else(|| (vec![0.0; length], Vec::new()), Subspace::values);
            let few = FewPhotos::fit(&self.manifest.classes, centre, &basis, &examples);
            timing::forget();
            Some(Arc::new(few.ok_or(UseError::Degenerate)?))
        };
        Ok(Self { few_photos, ..self })
    }

    /// Names the embedding that this model makes: galleries of another are of no use to it.
    #[must_use]
    pub fn embedding_id(&self) -> EmbeddingId {
        *self.embedding_id.get_or_init(|| {
            let mut digest = Sha256::new();
            Weights::of(self.network.trunk()).digest(&mut digest);
            // Numbers and names only: serialising them cannot fail.
            digest.update(serde_json::to_vec(&self.manifest.preprocessing).unwrap_or_default());
            EmbeddingId::of_sha256(digest.finalize().into())
        })
    }

    /// What a gallery keeps of a photo: the mean embedding of ten views.
    ///
    /// # Errors
    /// Those of [`Predictor::predict`].
    pub fn study(&self, photo: &Photo) -> Result<StoredEmbedding, PredictError> {
        let inputs = self.manifest.preprocessing.study(photo)?;
        let mut mean = vec![0.0f32; self.manifest.embedding_len()];
        for inputs_at_once in inputs.chunks(VIEWS_AT_ONCE) {
            for observation in self.observe(inputs_at_once)? {
                for (mean, value) in mean.iter_mut().zip(&observation.embedding) {
                    *mean += value / inputs.len() as f32;
                }
            }
        }
        timing::finish();
        StoredEmbedding::of(&mean).ok_or_else(|| PredictError::Backend("it saw nothing at all in the photo".to_owned()))
    }

    /// A gallery's photo as if it were seen again: what its mean embedding says, without its picture.
    ///
    /// # Errors
    /// [`UseError::Length`] if it is of another length than this model's, and the backend's own errors.
    pub fn recall(&self, photo: &StoredEmbedding) -> Result<Observation, UseError> {
        let embedding = photo.values();
        let length = self.manifest.embedding_len();
        if embedding.len() != length {
            return Err(UseError::Length { gallery: embedding.len(), model: length });
        }
        let row = Tensor::from_data(TensorData::new(embedding.clone(), [1, length]), &self.device);
        let (logits, distance) = self.network.read(row);
        let distance = distance.map(|distance| rows(column(distance))).transpose()?;
        let distance = distance.and_then(|rows| rows.first()?.first().copied());
        let (logits, others) = self.split_outputs(only(rows(logits)?)?);
        Ok(Observation { logits, others, embedding, distance })
    }

    /// What a photo of the galleries is called by all their others: one under the wrong class stands out.
    ///
    /// # Errors
    /// Those of [`Predictor::with_galleries`]; [`UseError::NoPhoto`] if no gallery has such a photo.
    pub fn review(&self, galleries: &[Gallery], photo: PhotoKey) -> Result<Prediction, UseError> {
        let kept = galleries.iter().flat_map(Gallery::photos).find(|(_, key, _)| **key == photo);
        let observation = self.recall(kept.ok_or(UseError::NoPhoto(photo))?.2)?;
        let without = |gallery: &Gallery| gallery.without_photo(photo).unwrap_or_else(|_| gallery.clone());
        let others: Vec<Gallery> = galleries.iter().map(without).collect();
        Ok(self.clone().with_galleries(&others)?.judge(&observation))
    }

    /// Whether this model can use a gallery; what it takes to learn from it is left out.
    ///
    /// # Errors
    /// [`UseError`] if the gallery is of another embedding, or has one that no photo gives.
    pub fn accepts(&self, gallery: &Gallery) -> Result<(), UseError> {
        let model = self.embedding_id();
        if gallery.embedding() != model {
            return Err(UseError::Embedding { gallery: gallery.embedding(), model });
        }
        let (length, longest) = (self.manifest.embedding_len(), ROUNDING * self.manifest.longest_embedding());
        gallery.photos().try_for_each(|(_, key, embedding)| {
            if embedding.len() != length {
                Err(UseError::Length { gallery: embedding.len(), model: length })
            } else if embedding.norm() > longest {
                Err(UseError::Impossible(*key))
            } else {
                Ok(())
            }
        })
    }

    /// Every photo of the galleries once, by class and key.
    fn photos<'a>(&self, galleries: &'a [Gallery]) -> Result<Vec<(&'a ClassId, &'a StoredEmbedding)>, UseError> {
        let mut photos: BTreeMap<PhotoKey, (&ClassId, &StoredEmbedding)> = BTreeMap::new();
        for gallery in galleries {
            self.accepts(gallery)?;
            for (class, key, embedding) in gallery.photos() {
                let (other, kept) = photos.entry(*key).or_insert((class, embedding));
                if *other != class {
                    return Err(UseError::TwoClasses { photo: *key, classes: [(*other).clone(), class.clone()] });
                }
                // Two backends may round one photo differently; which gallery came first must not matter.
                *kept = (*kept).min_by_bits(embedding);
            }
        }
        let mut photos: Vec<_> = photos.into_iter().collect();
        photos.sort_by_key(|(key, (class, _))| (*class, *key));
        Ok(photos.into_iter().map(|(_, photo)| photo).collect())
    }

    fn examples(&self, photos: &[(&ClassId, &StoredEmbedding)]) -> Result<Vec<Example>, PredictError> {
        let embeddings: Vec<Vec<f32>> = photos.iter().map(|(_, embedding)| embedding.values()).collect();
        let length = self.manifest.embedding_len();
        let table = TensorData::new(embeddings.concat(), [embeddings.len(), length]);
        let (logits, distances) = self.network.read(Tensor::from_data(table, &self.device));
        let distances = distances.map(|distances| rows(column(distances))).transpose()?;
        let mut scores = distances.into_iter().flatten().flatten().map(|distance| {
            let domain = self.manifest.domain?;
            Some(domain.score(distance))
        });
        let seen = photos.iter().zip(embeddings).zip(rows(logits)?);
        Ok(seen
            .map(|(((class, _), embedding), logits)| Example {
                class: (*class).clone(),
                embedding,
                logits: self.split_outputs(logits).0,
                out_of_domain: scores.next().flatten(),
            })
            .collect())
    }
}

/// Galleries that a model cannot use.
#[derive(Debug, thiserror::Error)]
pub enum UseError {
    /// The model failed on the galleries' embeddings.
    #[error(transparent)]
    Predict(#[from] PredictError),
    /// The photos' embeddings cannot be told from nothing.
    #[error("the gallery's photos cannot be learnt from; make it anew from its photos")]
    Degenerate,
    /// The gallery was made with another model.
    #[error(
        "the gallery is of another model (its embedding is {gallery}, the model's {model}); make it anew from its photos"
    )]
    Embedding {
        /// The embedding of the gallery.
        gallery: EmbeddingId,
        /// The embedding of the model.
        model: EmbeddingId,
    },
    /// A photo's embedding is longer than any photo's can be.
    #[error("the gallery's photo {0} is none that this model saw: its numbers are too large; take it out")]
    Impossible(PhotoKey),
    /// The gallery says it is of this model, and its embeddings are not.
    #[error("the gallery's embeddings are {gallery} numbers long, the model's {model}; make it anew from its photos")]
    Length {
        /// Numbers in an embedding of the gallery.
        gallery: usize,
        /// Numbers in one of the model.
        model: usize,
    },
    /// The gallery has no such photo.
    #[error("the gallery has no photo {0}")]
    NoPhoto(PhotoKey),
    /// Two galleries do not agree on a photo.
    #[error("photo {photo} is {} in one gallery and {} in another; take it out of one", classes[0], classes[1])]
    TwoClasses {
        /// The photo.
        photo: PhotoKey,
        /// What the galleries say.
        classes: [ClassId; 2],
    },
}
