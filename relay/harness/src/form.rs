//! A form, `multipart/form-data`, byte by byte.

use std::fmt::Display;

/// The boundary of [`Form::of_photos`]; a JPEG contains it with a probability of 1 in 2^200.
const BOUNDARY: &str = "mango-scout-b2c9e1f07a4d";

/// The body of an upload.
#[derive(Clone, Debug)]
pub struct Form {
    boundary: String,
    body: Vec<u8>,
}

impl Form {
    /// A form without parts.
    pub fn new(boundary: &str) -> Self {
        Self { boundary: boundary.to_owned(), body: Vec::new() }
    }

    /// A form with these photos in parts of one name.
    pub fn of_photos(name: &str, photos: &[&[u8]]) -> Self {
        photos.iter().fold(Self::new(BOUNDARY), |form, photo| form.photo(name, "leaf.jpg", photo))
    }

    /// The `Content-Type` of [`Form::of_photos`].
    pub fn type_of_photos() -> String {
        Self::new(BOUNDARY).content_type()
    }

    /// Adds a part with this Content-Disposition, and with more headers if they follow it.
    #[must_use]
    pub fn part(mut self, disposition: impl Display, content: &[u8]) -> Self {
        let head = format!("--{}\r\nContent-Disposition: {disposition}\r\n\r\n", self.boundary);
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(content);
        self.body.extend_from_slice(b"\r\n");
        self
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.part(format_args!("form-data; name=\"{name}\""), value.as_bytes())
    }

    /// Adds a photo.
    #[must_use]
    pub fn photo(self, name: &str, file: &str, photo: &[u8]) -> Self {
        let disposition = format_args!("form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: image/jpeg");
        self.part(disposition, photo)
    }

    /// The value of the header `Content-Type`.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The bytes of the body.
    pub fn into_body(mut self) -> Vec<u8> {
        self.body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_photo_is_a_part_between_boundaries() {
        let body = String::from_utf8(Form::of_photos("photo", &[b"one", b"two"]).into_body()).unwrap();
        let parts: Vec<&str> = body.split(&format!("--{BOUNDARY}")).collect();
        assert_eq!(parts.len(), 4);
        assert_eq!((parts[0], parts[3]), ("", "--\r\n"));
        for (part, photo) in parts[1..3].iter().zip(["one", "two"]) {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("form-data; name=\"photo\""), "{head}");
            assert_eq!(content, format!("{photo}\r\n"));
        }
        assert!(Form::type_of_photos().ends_with(&format!("boundary={BOUNDARY}")));
    }
}
