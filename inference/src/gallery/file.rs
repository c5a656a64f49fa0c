//! A gallery as bytes: a mark, what postcard makes of it, and a sha256 over both.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{EmbeddingId, Gallery, GalleryClass, MAX_GALLERY_PHOTOS, is_label};
use crate::class::ClassId;

/// What a file of this form begins with.
const MARK: &[u8] = b"mango gallery 1\n";

/// Bytes of a gallery's file at most.
pub const MAX_GALLERY_FILE: usize = 16 << 20;

const DIGEST: usize = 32;

#[derive(Serialize, Deserialize)]
struct Content {
    embedding: EmbeddingId,
    classes: Vec<(ClassId, GalleryClass)>,
}

impl Gallery {
    /// The gallery as a file holds it; the same gallery gives the same bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let classes = self.classes.iter().map(|(id, class)| (id.clone(), class.clone())).collect();
        let content = Content { embedding: self.embedding, classes };
        // Numbers, text and lists of known length, into memory: serialising them cannot fail.
        let mut bytes = postcard::to_extend(&content, MARK.to_vec()).unwrap_or_default();
        bytes.extend(Sha256::digest(&bytes));
        bytes
    }

    /// Reads a gallery's file.
    ///
    /// # Errors
    /// [`GalleryFileError`]: the file is something else, damaged, or holds what no gallery has.
    pub fn parse(bytes: &[u8]) -> Result<Self, GalleryFileError> {
        if bytes.len() > MAX_GALLERY_FILE {
            return Err(GalleryFileError::TooLarge);
        }
        if !bytes.starts_with(MARK) {
            return Err(GalleryFileError::Foreign);
        }
        let (signed, digest) = bytes.split_at(bytes.len().saturating_sub(DIGEST));
        if signed.len() < MARK.len() || Sha256::digest(signed).as_slice() != digest {
            return Err(GalleryFileError::Damaged);
        }
        let Content { embedding, classes } =
            postcard::from_bytes(&signed[MARK.len()..]).map_err(|_| GalleryFileError::Damaged)?;
        let count = classes.len();
        let gallery = Self { embedding, classes: classes.into_iter().collect() };
        // Written back it is the same file only if nothing stood twice, out of order or after the end.
        if gallery.classes.len() == count && gallery.is_sound() && gallery.encode() == bytes {
            Ok(gallery)
        } else {
            Err(GalleryFileError::Damaged)
        }
    }

    fn is_sound(&self) -> bool {
        let mut keys: Vec<_> = self.photos().map(|(_, key, _)| *key).collect();
        let photos = keys.len();
        keys.sort_unstable();
        keys.dedup();
        let length = self.photos().next().map(|(_, _, photo)| photo.len());
        keys.len() == photos
            && photos <= MAX_GALLERY_PHOTOS
            && self.photos().all(|(_, _, photo)| photo.is_usable() && Some(photo.len()) == length)
            && self.classes.values().all(|class| !class.is_empty() && class.label().is_none_or(is_label))
    }
}

/// Bytes that are no gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GalleryFileError {
    /// It began as one.
    #[error("the gallery's file is cut short or damaged; take a copy, or make it anew from its photos")]
    Damaged,
    /// It is something else.
    #[error("this is no gallery's file of a form that this version reads")]
    Foreign,
    /// It is larger than any gallery.
    #[error("the file is larger than any gallery ({} MiB)", MAX_GALLERY_FILE >> 20)]
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::super::{PhotoKey, StoredEmbedding};
    use super::*;
    use proptest::prelude::*;

    fn gallery() -> Gallery {
        let id = "mite".to_owned().try_into().unwrap();
        let embedding = StoredEmbedding::of(&[0.5, -0.25, 1.0]).unwrap();
        Gallery::new(EmbeddingId([1; 32])).with_photo(&id, PhotoKey::of(b"a"), embedding).unwrap()
    }

    /// `content` with a digest that fits.
    fn signed(mut content: Vec<u8>) -> Vec<u8> {
        content.extend(Sha256::digest(&content));
        content
    }

    proptest! {
        #[test]
        fn a_file_cut_or_changed_anywhere_is_refused(cut in 0usize..1000, at in 0usize..1000, flip in 1u8..) {
            let bytes = gallery().encode();
            prop_assert!(Gallery::parse(&bytes[..cut % bytes.len()]).is_err());
            let mut changed = bytes.clone();
            let at = at % changed.len();
            changed[at] ^= flip;
            prop_assert!(Gallery::parse(&changed).is_err());
        }

        #[test]
        fn hostile_content_with_a_fitting_digest_does_no_harm(content in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Gallery::parse(&signed([MARK, &content].concat()));
        }
    }

    #[test]
    fn what_follows_the_end_is_refused_though_the_digest_fits() {
        let bytes = gallery().encode();
        let mut longer = bytes[..bytes.len() - DIGEST].to_vec();
        longer.push(0);
        assert_eq!(Gallery::parse(&signed(longer)), Err(GalleryFileError::Damaged));
    }

    #[test]
    fn other_files_are_told_from_damaged_ones() {
        assert_eq!(Gallery::parse(b""), Err(GalleryFileError::Foreign));
        assert_eq!(Gallery::parse(b"\xff\xd8\xff\xe0 a photo"), Err(GalleryFileError::Foreign));
        assert_eq!(Gallery::parse(MARK), Err(GalleryFileError::Damaged));
        assert_eq!(Gallery::parse(&vec![0; MAX_GALLERY_FILE + 1]), Err(GalleryFileError::TooLarge));
    }

    #[test]
    fn a_photo_takes_its_embedding_and_a_few_bytes() {
        let one = gallery();
        let id = "mite".to_owned().try_into().unwrap();
        let embedding = StoredEmbedding::of(&[0.5; 3]).unwrap();
        let two = one.with_photo(&id, PhotoKey::of(b"b"), embedding).unwrap();
        assert_eq!(two.encode().len() - one.encode().len(), 3 + 32 + 4 + 1);
    }
}
