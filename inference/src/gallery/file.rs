//! The file format of a gallery: a signature, the contents as postcard, and a sha256 of both.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{EmbeddingId, Gallery, GalleryClass, MAX_GALLERY_PHOTOS, is_label};
use crate::catalog::ClassId;

/// The signature at the start of a file of this format.
const MARK: &[u8] = b"mango gallery 1\n";

/// Maximum size of a gallery's file in bytes.
pub const MAX_GALLERY_FILE: usize = 16 << 20;

const DIGEST: usize = 32;

#[derive(Serialize, Deserialize)]
struct Content {
    embedding: EmbeddingId,
    classes: Vec<(ClassId, GalleryClass)>,
}

impl Gallery {
    /// The gallery's file; the same gallery gives the same bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let classes = self.classes.iter().map(|(id, class)| (id.clone(), class.clone())).collect();
        let content = Content { embedding: self.embedding, classes };
        // Only numbers, text and lists of known length, into memory: serialisation cannot fail.
        let mut bytes = postcard::to_extend(&content, MARK.to_vec()).unwrap_or_default();
        bytes.extend(Sha256::digest(&bytes));
        bytes
    }

    /// Reads a gallery's file.
    ///
    /// # Errors
    /// [`GalleryFileError`]: the file is not a gallery, is damaged, or has contents that are not valid for a gallery.
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
        // Encoding gives the same bytes only if the file had no duplicates, nothing out of order and no trailing bytes.
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

/// The bytes are not a gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GalleryFileError {
    /// The signature is right and the rest is not.
    #[error("the gallery's file is cut short or damaged; use a backup, or rebuild it from its photos")]
    Damaged,
    /// The file is not a gallery, or of another format version.
    #[error("this is no gallery file of a format that this version reads")]
    Foreign,
    /// The file is larger than any gallery.
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

    /// `content` with a matching digest.
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
        fn hostile_content_with_a_matching_digest_is_harmless(
            content in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let _ = Gallery::parse(&signed([MARK, &content].concat()));
        }
    }

    #[test]
    fn trailing_bytes_are_refused_even_with_a_matching_digest() {
        let bytes = gallery().encode();
        let mut longer = bytes[..bytes.len() - DIGEST].to_vec();
        longer.push(0);
        assert_eq!(Gallery::parse(&signed(longer)), Err(GalleryFileError::Damaged));
    }

    #[test]
    fn other_files_are_distinguished_from_damaged_ones() {
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
