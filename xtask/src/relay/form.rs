//! A form with photos, `multipart/form-data`.

/// The boundary between the parts; a JPEG contains it with a probability of 1 in 2^200.
const BOUNDARY: &str = "mango-scout-b2c9e1f07a4d";

/// The body of an upload, and its type.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    body: Vec<u8>,
}

impl Form {
    /// The value of the header `Content-Type`.
    pub(crate) fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// A form with these photos in parts of one name.
    pub(crate) fn new(part: &str, photos: &[&[u8]]) -> Self {
        let mut body = Vec::new();
        for photo in photos {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"leaf.jpg\"\r\n\
                 Content-Type: image/jpeg\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(photo);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        Self { body }
    }

    /// The bytes of the body.
    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_photo_is_a_part_between_boundaries() {
        let body = String::from_utf8(Form::new("photo", &[b"one", b"two"]).into_body()).unwrap();
        let parts: Vec<&str> = body.split(&format!("--{BOUNDARY}")).collect();
        assert_eq!(parts.len(), 4);
        assert_eq!((parts[0], parts[3]), ("", "--\r\n"));
        for (part, photo) in parts[1..3].iter().zip(["one", "two"]) {
            let (head, content) = part.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("form-data; name=\"photo\""), "{head}");
            assert_eq!(content, format!("{photo}\r\n"));
        }
        assert!(Form::content_type().ends_with(&format!("boundary={BOUNDARY}")));
    }
}
