//! Few-shot learning from galleries.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use sha2::{Digest, Sha256};

use super::{PredictError, Predictor, mean, rows};
use crate::catalog::ClassId;
use crate::few_photos::{Example, FewPhotos};
use crate::gallery::{EmbeddingId, Gallery, PhotoKey, StoredEmbedding};
use crate::network::Subspace;
use crate::photo::Photo;
use crate::prediction::{Observation, Prediction};
use crate::timing;
use crate::weights::Weights;

/// Tolerance for the norm of a stored embedding, which is quantised.
const ROUNDING: f64 = 1.03;

impl Predictor {
    /// The predictor with these galleries instead of its former ones. Their order does not matter, and a photo may be
    /// in several of them.
    ///
    /// # Errors
    /// [`UseError`] if a gallery is of another embedding, or if two have a photo in different classes.
    pub fn with_galleries(self, galleries: &[Gallery]) -> Result<Self, UseError> {
        let few_photos = if galleries.iter().all(Gallery::is_empty) {
            None
        } else {
            let examples = self.examples(&self.photos(galleries)?)?;
            let length = self.manifest.embedding_len();
            let (centre, basis) =
                self.network.domain().map_or_else(|| (vec![0.0; length], Vec::new()), Subspace::values);
            let few = FewPhotos::fit(&self.manifest.classes, centre, &basis, &examples);
            Some(Arc::new(few.ok_or(UseError::Degenerate)?))
        };
        Ok(Self { few_photos, ..self })
    }

    /// Identifies this model's embedding: galleries of another embedding cannot be used.
    #[must_use]
    pub fn embedding_id(&self) -> EmbeddingId {
        *self.embedding_id.get_or_init(|| {
            let mut digest = Sha256::new();
            Weights::of(self.network.trunk()).digest(&mut digest);
            // Only numbers and names: serialisation cannot fail.
            let preprocessing = self.manifest.preprocessing.of_one_crop();
            digest.update(serde_json::to_vec(&preprocessing).unwrap_or_default());
            EmbeddingId::of_sha256(digest.finalize().into())
        })
    }

    /// Embeds a photo for a gallery: the mean embedding of ten views.
    ///
    /// # Errors
    /// Those of [`Predictor::predict`].
    pub fn embed(&self, photo: &Photo) -> Result<StoredEmbedding, PredictError> {
        let _timing = timing::record();
        let inputs = self.manifest.preprocessing.embedding_views(photo)?;
        let embedding = mean(&self.embeddings(&inputs)?);
        StoredEmbedding::of(&embedding).ok_or_else(|| PredictError::Backend("the photo's embedding is zero".to_owned()))
    }

    /// The observation of a gallery's photo, computed from its stored embedding.
    ///
    /// # Errors
    /// [`UseError::Length`] if its length differs from this model's embedding, and the backend's own errors.
    pub fn observe_stored(&self, photo: &StoredEmbedding) -> Result<Observation, UseError> {
        let embedding = photo.values();
        let length = self.manifest.embedding_len();
        if embedding.len() != length {
            return Err(UseError::Length { gallery: embedding.len(), model: length });
        }
        Ok(self.read(embedding)?)
    }

    /// Leave-one-out: classifies a gallery's photo with galleries from which it was removed. A wrong label shows up as
    /// a different class.
    ///
    /// # Errors
    /// Those of [`Predictor::with_galleries`]; [`UseError::NoPhoto`] if no gallery has such a photo.
    pub fn leave_one_out(&self, galleries: &[Gallery], photo: PhotoKey) -> Result<Prediction, UseError> {
        let kept = galleries.iter().flat_map(Gallery::photos).find(|(_, key, _)| **key == photo);
        let observation = self.observe_stored(kept.ok_or(UseError::NoPhoto(photo))?.2)?;
        let without = |gallery: &Gallery| gallery.without_photo(photo).unwrap_or_else(|_| gallery.clone());
        let others: Vec<Gallery> = galleries.iter().map(without).collect();
        Ok(self.clone().with_galleries(&others)?.classify(&observation))
    }

    /// Checks whether this model can use a gallery, without fitting it.
    ///
    /// # Errors
    /// [`UseError`] if the gallery is of another embedding, or has an embedding that no photo can have.
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

    /// Every distinct photo of the galleries, ordered by class and key.
    fn photos<'a>(&self, galleries: &'a [Gallery]) -> Result<Vec<(&'a ClassId, &'a StoredEmbedding)>, UseError> {
        let mut photos: BTreeMap<PhotoKey, (&ClassId, &StoredEmbedding)> = BTreeMap::new();
        for gallery in galleries {
            self.accepts(gallery)?;
            for (class, key, embedding) in gallery.photos() {
                let (other, kept) = photos.entry(*key).or_insert((class, embedding));
                if *other != class {
                    return Err(UseError::TwoClasses { photo: *key, classes: [(*other).clone(), class.clone()] });
                }
                // Two backends may round one photo differently; the order of the galleries must not matter.
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
        let (logits, _) = self.network.read(Tensor::from_data(table, &self.device));
        let seen = photos.iter().zip(embeddings).zip(rows(logits)?);
        Ok(seen
            .map(|(((class, _), embedding), logits)| Example {
                class: (*class).clone(),
                embedding,
                logits: self.split_outputs(logits).0,
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
    /// The classifier cannot be fitted to the photos' embeddings.
    #[error("no classifier can be fitted to the gallery's embeddings; rebuild the gallery from its photos")]
    Degenerate,
    /// The gallery was made with another model.
    #[error(
        "the gallery is of another model (its embedding is {gallery}, the model's {model}); rebuild it from its photos"
    )]
    Embedding {
        /// The embedding of the gallery.
        gallery: EmbeddingId,
        /// The embedding of the model.
        model: EmbeddingId,
    },
    /// The norm of a photo's embedding is larger than any photo's can be.
    #[error("the embedding of the gallery's photo {0} is out of range for this model; remove the photo")]
    Impossible(PhotoKey),
    /// The gallery states this model's embedding, and the length of its embeddings differs.
    #[error("the gallery's embeddings have {gallery} elements, the model's {model}; rebuild it from its photos")]
    Length {
        /// Elements of an embedding of the gallery.
        gallery: usize,
        /// Elements of an embedding of the model.
        model: usize,
    },
    /// The gallery has no such photo.
    #[error("the gallery has no photo {0}")]
    NoPhoto(PhotoKey),
    /// Two galleries have a photo in different classes.
    #[error("photo {photo} is {} in one gallery and {} in another; remove it from one", classes[0], classes[1])]
    TwoClasses {
        /// The photo.
        photo: PhotoKey,
        /// The class in each gallery.
        classes: [ClassId; 2],
    },
}
