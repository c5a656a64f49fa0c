//! Galleries of few-shot classes: small files, one shipped for pests, others made from an orchard's own photos.

mod file;
mod stored;

pub use file::{GalleryFileError, MAX_GALLERY_FILE};
pub use stored::StoredEmbedding;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalog::ClassId;

/// Maximum number of photos of a gallery: the time to fit them grows with the cube of their number.
pub const MAX_GALLERY_PHOTOS: usize = 1000;

/// Maximum number of characters of a class's label.
const MAX_LABEL: usize = 40;

/// Embeddings of photos by class, for one model. Only the hash and the embedding of a photo are stored.
///
/// Two galleries of the same photos are equal and give the same file, whatever the order in which photos were added.
#[derive(Clone, Debug, PartialEq)]
pub struct Gallery {
    embedding: EmbeddingId,
    classes: BTreeMap<ClassId, GalleryClass>,
}

/// A class and its photos.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GalleryClass {
    label: Option<String>,
    photos: BTreeMap<PhotoKey, StoredEmbedding>,
}

/// Identifies a model's embedding: the sha256 of the weights up to it and of the preprocessing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmbeddingId([u8; 32]);

/// Identifies a photo: the sha256 of its file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PhotoKey([u8; 32]);

impl Gallery {
    /// An empty gallery for models with this embedding.
    #[must_use]
    pub fn new(embedding: EmbeddingId) -> Self {
        Self { embedding, classes: BTreeMap::new() }
    }

    /// The embedding that its photos were embedded with.
    #[must_use]
    pub fn embedding(&self) -> EmbeddingId {
        self.embedding
    }

    /// The classes in order of their ids.
    pub fn classes(&self) -> impl Iterator<Item = (&ClassId, &GalleryClass)> {
        self.classes.iter()
    }

    /// Every photo, ordered by class and key.
    pub fn photos(&self) -> impl Iterator<Item = (&ClassId, &PhotoKey, &StoredEmbedding)> {
        self.classes.iter().flat_map(|(id, class)| class.photos.iter().map(move |(key, photo)| (id, key, photo)))
    }

    /// Number of photos.
    #[must_use]
    pub fn len(&self) -> usize {
        self.classes.values().map(|class| class.photos.len()).sum()
    }

    /// Whether it has no photos.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The class that a photo was added to.
    #[must_use]
    pub fn class_of(&self, photo: PhotoKey) -> Option<&ClassId> {
        self.classes.iter().find(|(_, class)| class.photos.contains_key(&photo)).map(|(id, _)| id)
    }

    /// The gallery with one more photo. A photo that it already has stays as it is.
    ///
    /// # Errors
    /// [`GalleryError`] if the photo was added to another class, if the embedding's length differs from the others, or
    /// if the gallery is full.
    pub fn with_photo(
        &self,
        class: &ClassId,
        photo: PhotoKey,
        embedding: StoredEmbedding,
    ) -> Result<Self, GalleryError> {
        match self.class_of(photo) {
            Some(found) if found == class => return Ok(self.clone()),
            Some(found) => return Err(GalleryError::OtherClass { photo, found: found.clone() }),
            None => {}
        }
        if self.photos().next().is_some_and(|(_, _, other)| other.len() != embedding.len()) {
            return Err(GalleryError::Length);
        }
        if self.len() >= MAX_GALLERY_PHOTOS {
            return Err(GalleryError::Full);
        }
        let mut grown = self.clone();
        grown.classes.entry(class.clone()).or_default().photos.insert(photo, embedding);
        Ok(grown)
    }

    /// The gallery without a photo; removing a class's last photo removes the class and its label.
    ///
    /// # Errors
    /// [`GalleryError::NoPhoto`] if it has no such photo.
    pub fn without_photo(&self, photo: PhotoKey) -> Result<Self, GalleryError> {
        let id = self.class_of(photo).cloned().ok_or(GalleryError::NoPhoto(photo))?;
        let mut rest = self.clone();
        if let Some(class) = rest.classes.get_mut(&id) {
            class.photos.remove(&photo);
            if class.photos.is_empty() {
                rest.classes.remove(&id);
            }
        }
        Ok(rest)
    }

    /// The gallery without a class and its photos.
    ///
    /// # Errors
    /// [`GalleryError::NoClass`] if it has no such class.
    pub fn without_class(&self, id: &ClassId) -> Result<Self, GalleryError> {
        let mut rest = self.clone();
        rest.classes.remove(id).ok_or_else(|| GalleryError::NoClass(id.clone()))?;
        Ok(rest)
    }

    /// The gallery with a class under another id.
    ///
    /// # Errors
    /// [`GalleryError::NoClass`] if it has no such class, [`GalleryError::ClassTaken`] if it has one of the new id.
    pub fn with_class_renamed(&self, id: &ClassId, new: &ClassId) -> Result<Self, GalleryError> {
        if id == new && self.classes.contains_key(id) {
            return Ok(self.clone());
        }
        if self.classes.contains_key(new) {
            return Err(GalleryError::ClassTaken(new.clone()));
        }
        let mut renamed = self.clone();
        let class = renamed.classes.remove(id).ok_or_else(|| GalleryError::NoClass(id.clone()))?;
        renamed.classes.insert(new.clone(), class);
        Ok(renamed)
    }

    /// The gallery with a label for a class that the catalog does not name; `None` removes the label.
    ///
    /// # Errors
    /// [`GalleryError::NoClass`] if it has no such class, [`GalleryError::Label`] for a label that is empty, has more
    /// than 40 characters, or has control characters.
    pub fn with_label(&self, id: &ClassId, label: Option<&str>) -> Result<Self, GalleryError> {
        if label.is_some_and(|label| !is_label(label)) {
            return Err(GalleryError::Label);
        }
        let mut labelled = self.clone();
        let class = labelled.classes.get_mut(id).ok_or_else(|| GalleryError::NoClass(id.clone()))?;
        class.label = label.map(str::to_owned);
        Ok(labelled)
    }
}

fn is_label(label: &str) -> bool {
    let shown = |c: char| !c.is_control() && !INVISIBLE.iter().any(|range| range.contains(&c));
    !label.trim().is_empty() && label.chars().count() <= MAX_LABEL && label.chars().all(shown)
}

/// Invisible characters, some of which change the direction of text: they could make a label look like another.
const INVISIBLE: [RangeInclusive<char>; 5] = [
    '\u{ad}'..='\u{ad}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
];

impl GalleryClass {
    /// The class's label, for classes that the catalog does not name.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Keys of its photos, in order.
    pub fn keys(&self) -> impl Iterator<Item = PhotoKey> {
        self.photos.keys().copied()
    }

    /// Number of its photos.
    #[must_use]
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether it has no photos; a class in a gallery is never empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }
}

impl EmbeddingId {
    pub(crate) fn of_sha256(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl PhotoKey {
    /// The key of a photo from its file's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// 64 lower-case hexadecimal digits.
fn hexadecimal(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

impl fmt::Display for EmbeddingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for EmbeddingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Display for PhotoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for PhotoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

/// A change that a gallery refuses; the gallery is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GalleryError {
    /// The gallery already has a class of the new id.
    #[error("the gallery already has a class {0}; remove that class or choose another id")]
    ClassTaken(ClassId),
    /// The gallery has [`MAX_GALLERY_PHOTOS`].
    #[error("the gallery is full: it holds at most {MAX_GALLERY_PHOTOS} photos; remove some first")]
    Full,
    /// The label is empty, too long, or has characters that cannot be displayed.
    #[error("a label must have 1 to {MAX_LABEL} visible characters")]
    Label,
    /// The embedding's length differs from the gallery's.
    #[error("the photo was embedded by another model than the gallery's")]
    Length,
    /// There is no such class.
    #[error("the gallery has no class {0}")]
    NoClass(ClassId),
    /// There is no such photo.
    #[error("the gallery has no photo {0}")]
    NoPhoto(PhotoKey),
    /// The photo was added to another class.
    #[error("photo {photo} is in the gallery as {found}; remove it there first")]
    OtherClass {
        /// The photo.
        photo: PhotoKey,
        /// Its class.
        found: ClassId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(name: &str) -> ClassId {
        name.to_owned().try_into().unwrap()
    }

    fn empty() -> Gallery {
        Gallery::new(EmbeddingId([7; 32]))
    }

    fn photo(seed: u8) -> (PhotoKey, StoredEmbedding) {
        let values: Vec<f32> =
            (0..6u8).map(|i| f32::from(seed.wrapping_mul(31).wrapping_add(i * 17)) - 100.0).collect();
        (PhotoKey::of(&[seed]), StoredEmbedding::of(&values).unwrap())
    }

    fn with(gallery: &Gallery, class: &str, seed: u8) -> Gallery {
        let (key, embedding) = photo(seed);
        gallery.with_photo(&id(class), key, embedding).unwrap()
    }

    /// Photos by seed and class.
    type Photos = Vec<(u8, u8)>;

    /// Distinct photos, each of one of three classes, in two orders.
    fn photos() -> impl Strategy<Value = (Photos, Photos)> {
        proptest::collection::btree_map(any::<u8>(), 0..3u8, 1..20).prop_flat_map(|photos| {
            let photos: Photos = photos.into_iter().collect();
            (Just(photos.clone()).prop_shuffle(), Just(photos).prop_shuffle())
        })
    }

    proptest! {
        #[test]
        fn any_order_of_adding_gives_the_same_file((one, other) in photos()) {
            let [one, other] = [one, other].map(|order| {
                order.iter().fold(empty(), |gallery, (seed, class)| with(&gallery, &format!("c{class}"), *seed)).encode()
            });
            prop_assert_eq!(one, other);
        }

        #[test]
        fn adding_and_removing_restores_the_file((before, added) in photos()) {
            let start = before.iter().fold(empty(), |gallery, (seed, _)| with(&gallery, "old", *seed));
            let news: Vec<u8> = added.iter().map(|(seed, _)| *seed).filter(|seed| start.class_of(photo(*seed).0).is_none()).collect();
            let grown = news.iter().fold(start.clone(), |gallery, seed| with(&gallery, "new", *seed));
            let back = news.iter().rev().try_fold(grown, |gallery, seed| gallery.without_photo(photo(*seed).0)).unwrap();
            prop_assert_eq!(back.encode(), start.encode());
        }

        #[test]
        fn a_written_file_can_be_read((photos, _) in photos(), label in "[a-zä葉 ]{0,50}") {
            let gallery = photos.iter().fold(empty(), |gallery, (seed, class)| with(&gallery, &format!("c{class}"), *seed));
            let first = gallery.classes().next().unwrap().0.clone();
            let gallery = gallery.with_label(&first, Some(&label)).unwrap_or(gallery);
            prop_assert_eq!(Gallery::parse(&gallery.encode()).unwrap(), gallery);
        }
    }

    #[test]
    fn a_renamed_class_keeps_label_and_photos() {
        let gallery = with(&with(&empty(), "a", 1), "b", 2).with_label(&id("a"), Some("红蜘蛛")).unwrap();
        let renamed = gallery.with_class_renamed(&id("a"), &id("c")).unwrap();
        let class = renamed.classes().find(|(name, _)| **name == id("c")).unwrap().1;
        assert_eq!((class.label(), class.len()), (Some("红蜘蛛"), 1));
        assert_eq!(renamed.with_class_renamed(&id("c"), &id("a")).unwrap(), gallery);
        assert_eq!(gallery.with_class_renamed(&id("a"), &id("b")), Err(GalleryError::ClassTaken(id("b"))));
        assert_eq!(gallery.with_class_renamed(&id("x"), &id("y")), Err(GalleryError::NoClass(id("x"))));
    }

    #[test]
    fn invalid_changes_are_refused() {
        let gallery = with(&empty(), "a", 1);
        let (key, embedding) = photo(1);
        assert_eq!(gallery.with_photo(&id("a"), key, embedding.clone()).unwrap(), gallery);
        assert!(matches!(gallery.with_photo(&id("b"), key, embedding), Err(GalleryError::OtherClass { .. })));
        let short = StoredEmbedding::of(&[1.0]).unwrap();
        assert_eq!(gallery.with_photo(&id("a"), PhotoKey::of(b"new"), short), Err(GalleryError::Length));
        assert!(matches!(gallery.without_photo(PhotoKey::of(b"new")), Err(GalleryError::NoPhoto(_))));
        assert!(gallery.without_class(&id("a")).unwrap().is_empty());
        for label in ["", "  ", "a\nb", "a\u{202e}b", "\u{200b}", &"x".repeat(41)] {
            assert_eq!(gallery.with_label(&id("a"), Some(label)), Err(GalleryError::Label), "{label:?}");
        }
    }

    #[test]
    fn a_full_gallery_takes_no_more() {
        let mut full = empty();
        let embedding = StoredEmbedding::of(&[1.0]).unwrap();
        let class = full.classes.entry(id("a")).or_default();
        for i in 0..MAX_GALLERY_PHOTOS {
            class.photos.insert(PhotoKey::of(&i.to_le_bytes()), embedding.clone());
        }
        assert_eq!(full.with_photo(&id("a"), PhotoKey::of(b"one more"), embedding), Err(GalleryError::Full));
        assert_eq!(Gallery::parse(&full.encode()).unwrap(), full);
    }
}
