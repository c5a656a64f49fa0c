//! Detects unsupported formats by their first bytes, with advice on what to do.

use std::fmt;

/// A known format that is not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherFormat {
    /// AV1 in HEIF's container.
    Avif,
    /// A photo as base64 text.
    Base64,
    /// Windows bitmap.
    Bmp,
    /// A PNG that Apple's tools optimised for apps.
    CgBi,
    /// Graphics Interchange Format.
    Gif,
    /// HEVC in HEIF's container, which iPhones and many Android phones store.
    Heic,
    /// An HTML page, such as a log-in page or an error page in place of a download.
    Html,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// A path or an address in place of the file's bytes.
    Path,
    /// Portable Document Format.
    Pdf,
    /// Scalable Vector Graphics.
    Svg,
    /// Tagged Image File Format, and the raw files of cameras that build on it.
    Tiff,
    /// MP4, QuickTime and similar containers.
    Video,
    /// A ZIP archive, or a document of an office program.
    Zip,
}

/// Bytes of a file that are inspected as text.
const TEXT: usize = 64;
/// Maximum length of a path in bytes.
const PATH: usize = 4096;

impl OtherFormat {
    /// The format of a file that is not in a supported format.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |with: &[u8]| bytes.starts_with(with);
        match bytes.get(4..8) {
            Some(b"ftyp") => return Some(Self::of_boxes(bytes)),
            Some(b"moov" | b"mdat" | b"wide") => return Some(Self::Video),
            _ => {}
        }
        if starts(b"GIF8") {
            return Some(Self::Gif);
        }
        if starts(b"II*\0") || starts(b"MM\0*") || starts(b"II+\0") || starts(b"MM\0+") {
            return Some(Self::Tiff);
        }
        if starts(b"%PDF") {
            return Some(Self::Pdf);
        }
        if starts(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
            return Some(Self::Bmp);
        }
        if starts(b"\xff\x0a") || starts(b"\0\0\0\x0cJXL ") {
            return Some(Self::JpegXl);
        }
        if starts(b"\0\0\0\x0cjP  ") || starts(b"\xff\x4f\xff\x51") {
            return Some(Self::Jpeg2000);
        }
        if starts(b"PK\x03\x04") {
            return Some(Self::Zip);
        }
        Self::of_text(bytes)
    }

    /// Detects by the brands of an ISO base media file (ISO/IEC 14496-12, 4.3): the major brand, then the compatible
    /// ones.
    fn of_boxes(bytes: &[u8]) -> Self {
        let length = bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length));
        let brands = bytes.get(8..bytes.len().min(length as usize)).unwrap_or_default();
        for brand in brands.chunks_exact(4) {
            match brand {
                b"avif" | b"avis" => return Self::Avif,
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
                    // AVIF files have HEIF's brands too, in some files first.
                    let is_avif = brands.chunks_exact(4).any(|brand| brand == b"avif");
                    return if is_avif { Self::Avif } else { Self::Heic };
                }
                _ => {}
            }
        }
        Self::Video
    }

    fn of_text(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        let start = &bytes[..bytes.len().min(TEXT)];
        let lower = start.to_ascii_lowercase();
        let starts = |with: &[u8]| lower.starts_with(with);
        if starts(b"<!doctype html") || starts(b"<html") {
            return Some(Self::Html);
        }
        if starts(b"<svg") || starts(b"<?xml") {
            return Some(Self::Svg);
        }
        if starts(b"data:image/") || Self::is_base64(start) {
            return Some(Self::Base64);
        }
        Self::is_path(bytes).then_some(Self::Path)
    }

    /// Whether these are the first bytes of a photo in base64. Each format has its own prefix.
    fn is_base64(start: &[u8]) -> bool {
        const PHOTOS: [&[u8]; 5] = [b"/9j/", b"iVBORw0KGgo", b"UklGR", b"R0lGOD", b"Qk"];
        let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
        let line = start.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        // The URL-safe alphabet has '_' for '/'.
        line.len() > 16
            && line.iter().all(is_text)
            && (PHOTOS.iter().any(|photo| line.starts_with(photo)) || line.starts_with(b"_9j_"))
    }

    /// Whether the whole file is one line that names another file.
    fn is_path(bytes: &[u8]) -> bool {
        let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| (3..=PATH).contains(&text.len())) else {
            return false;
        };
        if text.chars().any(char::is_control) {
            return false;
        }
        let has_scheme =
            text.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
        let has_drive = text.as_bytes()[1] == b':' && text.as_bytes()[0].is_ascii_alphabetic();
        let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
        let names_photo = name.rsplit_once('.').is_some_and(|(_, ending)| {
            ["jpg", "jpeg", "png", "webp", "heic", "gif", "bmp", "tif", "tiff"]
                .contains(&ending.to_ascii_lowercase().as_str())
        });
        let starts_path = text.starts_with(['/', '~', '@']) || text.starts_with("./") || text.starts_with("../");
        has_scheme || has_drive || names_photo || (starts_path && !text.contains(' '))
    }
}

impl fmt::Display for OtherFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, remedy) = match self {
            Self::Heic => (
                "a HEIC photo, as iPhones store it",
                "send it as a JPEG: on an iPhone set Settings > Camera > Formats to Most Compatible, or share the photo \
                 with Options > Most Compatible; on Android switch HEIF or 'high efficiency' off in the camera's settings",
            ),
            Self::Avif => ("an AVIF picture", "export it as a JPEG and send that"),
            Self::Base64 => ("a photo in base64 text", "decode the text and send the photo's bytes"),
            Self::Bmp => ("a BMP picture", "save it as a JPEG or PNG and send that"),
            Self::CgBi => {
                ("a PNG that was optimised for an iPhone app (CgBI)", "send the original photo, or a screenshot of it")
            }
            Self::Gif => ("a GIF picture", "save it as a JPEG or PNG and send that"),
            Self::Html => ("an HTML page", "check the photo's address, and send the photo itself"),
            Self::JpegXl => ("a JPEG XL picture", "export it as a JPEG and send that"),
            Self::Jpeg2000 => ("a JPEG 2000 picture", "export it as a JPEG and send that"),
            Self::Path => ("a path or an address", "send the bytes of the file, with curl as -F picture=@leaf.jpg"),
            Self::Pdf => ("a PDF document", "take the photo out of it, or a screenshot, and send that"),
            Self::Svg => ("an SVG drawing", "send a photo as a JPEG"),
            Self::Tiff => (
                "a TIFF picture, or a camera's raw file",
                "export it as a JPEG and send that; set the camera to store JPEGs",
            ),
            Self::Video => ("a video", "take a photo, or a screenshot of the video, and send that"),
            Self::Zip => ("a ZIP archive or an office document", "unpack it, and send the photo in it"),
        };
        write!(f, "this is {what}, not a JPEG, PNG or WebP file; {remedy}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(brands: &str) -> Vec<u8> {
        let length = (8 + brands.len()) as u32;
        [&length.to_be_bytes()[..], b"ftyp", brands.as_bytes(), b"\0\0\0\0meta"].concat()
    }

    #[test]
    fn formats_are_named_by_their_first_bytes() {
        let found = |bytes: &[u8]| OtherFormat::of(bytes);
        assert_eq!(found(&boxes("heic\0\0\0\0mif1heic")), Some(OtherFormat::Heic));
        assert_eq!(found(&boxes("mif1\0\0\0\0mif1heic")), Some(OtherFormat::Heic));
        assert_eq!(found(&boxes("mif1\0\0\0\0avifmif1")), Some(OtherFormat::Avif));
        assert_eq!(found(&boxes("avif\0\0\0\0")), Some(OtherFormat::Avif));
        assert_eq!(found(&boxes("isom\0\0\x02\0isomavc1")), Some(OtherFormat::Video));
        assert_eq!(found(b"GIF89a\x01\0"), Some(OtherFormat::Gif));
        assert_eq!(found(b"MM\0*\0\0\0\x08"), Some(OtherFormat::Tiff));
        assert_eq!(found(b"BM\x46\0\0\0\0\0\0\0\x36"), Some(OtherFormat::Bmp));
        assert_eq!(found(b"%PDF-1.7"), Some(OtherFormat::Pdf));
        assert_eq!(found(b"PK\x03\x04\x14"), Some(OtherFormat::Zip));
        assert_eq!(found(b"\xff\x0a\xfa\x1f"), Some(OtherFormat::JpegXl));
        assert_eq!(found(b"  <!DOCTYPE html><title>502"), Some(OtherFormat::Html));
    }

    #[test]
    fn kinds_of_text_are_distinguished() {
        let found = |text: &str| OtherFormat::of(text.as_bytes());
        for base64 in ["/9j/4AAQSkZJRgABAQAAAQABAAD", "data:image/jpeg;base64,AAAA", "iVBORw0KGgoAAAANSUhEUgAAAAE"] {
            assert_eq!(found(base64), Some(OtherFormat::Base64), "{base64}");
        }
        for path in [
            "/home/lin/leaf.jpg",
            "C:\\Users\\Lin\\leaf.png",
            "@leaf.jpg",
            "wxfile://tmp_4f2.jpg",
            "http://tmp/q8.png",
            "leaf 1.JPG",
            "file:///sdcard/DCIM/1.heic",
            "/storage/emulated/0/DCIM/1\n",
        ] {
            assert_eq!(found(path), Some(OtherFormat::Path), "{path}");
        }
        for other in ["hello, I am a leaf", "BM is a short word", "[object Object]", "{\"picture\": 1}"] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
