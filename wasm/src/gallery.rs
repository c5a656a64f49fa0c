//! An orchard's own gallery, changed on the phone.

use mango_inference::{ClassId, EmbeddingId, Gallery, GalleryClass, GalleryError, PhotoKey};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::embedded::Embedded;
use crate::failure::Code;

/// A mutable gallery. A refused change leaves it unchanged.
#[wasm_bindgen(js_name = Gallery)]
#[derive(Clone, Debug)]
pub struct OrchardGallery {
    gallery: Gallery,
}

#[wasm_bindgen(js_class = Gallery)]
impl OrchardGallery {
    /// Reads a gallery's file.
    ///
    /// # Errors
    /// `bad_gallery`: the bytes are not a gallery, or damaged.
    pub fn parse(bytes: &[u8]) -> Result<OrchardGallery, JsValue> {
        let gallery = Gallery::parse(bytes).map_err(|error| Code::Gallery.error(&error))?;
        Ok(Self { gallery })
    }

    /// The gallery's file; the same photos give the same bytes, whatever the order of adding.
    #[must_use]
    pub fn serialize(&self) -> Vec<u8> {
        self.gallery.encode()
    }

    /// Identifies the embedding that it is for, like `Scout.embeddingId`.
    #[wasm_bindgen(getter, js_name = embeddingId)]
    #[must_use]
    pub fn embedding_id(&self) -> String {
        self.gallery.embedding().to_string()
    }

    /// Number of its photos.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn size(&self) -> usize {
        self.gallery.len()
    }

    /// Adds a photo to a class. Adding it again changes nothing.
    ///
    /// # Errors
    /// `bad_argument` for an invalid class id; `gallery_refuses` for a photo of another class or another model, or if
    /// the gallery is full.
    pub fn add(&mut self, class: &str, photo: &Embedded) -> Result<(), JsValue> {
        let class = class_id(class)?;
        if photo.of != self.gallery.embedding() {
            let problem = "the photo was embedded by another model than the gallery's; rebuild the gallery";
            return Err(Code::GalleryChange.error(&problem));
        }
        self.change(self.gallery.with_photo(&class, photo.key, photo.embedding.clone()))
    }

    /// Removes a photo; a class without photos is removed too.
    ///
    /// # Errors
    /// `gallery_refuses` if it has no such photo.
    pub fn remove(&mut self, key: &str) -> Result<(), JsValue> {
        let found = self.gallery.photos().map(|(_, found, _)| *found).find(|found| found.to_string() == key);
        let key: PhotoKey =
            found.ok_or_else(|| Code::GalleryChange.error(&format!("the gallery has no photo {key}")))?;
        self.change(self.gallery.without_photo(key))
    }

    /// Removes a class with its photos.
    ///
    /// # Errors
    /// `gallery_refuses` if it has no such class.
    #[wasm_bindgen(js_name = removeClass)]
    pub fn remove_class(&mut self, class: &str) -> Result<(), JsValue> {
        let class = class_id(class)?;
        self.change(self.gallery.without_class(&class))
    }

    /// Renames a class.
    ///
    /// # Errors
    /// `gallery_refuses` if it has no such class, or already has one of the new id.
    pub fn rename(&mut self, class: &str, new: &str) -> Result<(), JsValue> {
        let (class, new) = (class_id(class)?, class_id(new)?);
        self.change(self.gallery.with_class_renamed(&class, &new))
    }

    /// Sets the label of a class that the catalog does not name.
    ///
    /// # Errors
    /// `gallery_refuses` if it has no such class, or for an invalid label.
    #[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands optional text over owned")]
    pub fn label(&mut self, class: &str, label: Option<String>) -> Result<(), JsValue> {
        let class = class_id(class)?;
        self.change(self.gallery.with_label(&class, label.as_deref()))
    }

    /// Its classes in order of their ids, as a JSON list of `{"id", "label", "photos"}`: `label` is null if it has
    /// none, `photos` are the keys.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn classes(&self) -> String {
        let classes: Vec<_> = self.gallery.classes().map(|(id, class)| ClassSummary::of(id, class)).collect();
        // Only strings: serialisation cannot fail.
        serde_json::to_string(&classes).unwrap_or_default()
    }
}

/// A class of a gallery, without the embeddings.
#[derive(Serialize)]
struct ClassSummary<'a> {
    id: &'a ClassId,
    label: Option<&'a str>,
    photos: Vec<String>,
}

impl<'a> ClassSummary<'a> {
    fn of(id: &'a ClassId, class: &'a GalleryClass) -> Self {
        Self { id, label: class.label(), photos: class.keys().map(|key| key.to_string()).collect() }
    }
}

pub(crate) fn class_id(id: &str) -> Result<ClassId, JsValue> {
    ClassId::try_from(id.to_owned()).map_err(|error| Code::Argument.error(&error))
}

impl OrchardGallery {
    /// An empty gallery.
    pub(crate) fn empty(embedding: EmbeddingId) -> Self {
        Self { gallery: Gallery::new(embedding) }
    }

    fn change(&mut self, changed: Result<Gallery, GalleryError>) -> Result<(), JsValue> {
        self.gallery = changed.map_err(|error| Code::GalleryChange.error(&error))?;
        Ok(())
    }
}
