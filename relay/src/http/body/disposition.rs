//! The names of the parts of a multipart form (RFC 7578, 4.2).

use axum::http::{HeaderMap, header};

/// Longest name that an error repeats, bytes.
const MAX_SHOWN: usize = 40;

/// The name in a part's Content-Disposition, at any position and next to any file name.
pub(crate) fn name(part: &HeaderMap) -> Option<String> {
    let mut rest = part.get(header::CONTENT_DISPOSITION)?.as_bytes();
    // The type, `form-data`.
    rest = behind(rest, b';');
    while !rest.is_empty() {
        let (parameter, value, after) = parameter(rest);
        if parameter.eq_ignore_ascii_case(b"name") {
            return String::from_utf8(value).ok();
        }
        rest = after;
    }
    None
}

/// A name if an error message may repeat it; none if it may be the name of a file or a person.
pub(crate) fn shown(name: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-[]".contains(&byte);
    (1..=MAX_SHOWN).contains(&name.len()).then_some(name).filter(|name| name.bytes().all(plain))
}

/// The name and value of the first parameter, and the rest.
fn parameter(text: &[u8]) -> (&[u8], Vec<u8>, &[u8]) {
    let end = text.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(value) = rest.strip_prefix(b"=") else { return (name.trim_ascii(), Vec::new(), behind(rest, b';')) };
    let value = value.trim_ascii_start();
    let (value, after) = match value.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted),
        None => {
            let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
            (value[..end].trim_ascii().to_vec(), &value[end..])
        }
    };
    (name.trim_ascii(), value, behind(after, b';'))
}

/// The text before the closing quote, and the rest. A backslash escapes a quote or a backslash (RFC 9110, 5.6.4);
/// before any other byte it is literal, as in the paths that old browsers send.
fn unquoted(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] => return (value, rest),
            [b'"', after @ ..] => return (value, after),
            [b'\\', literal @ (b'"' | b'\\'), after @ ..] | [literal, after @ ..] => {
                value.push(*literal);
                rest = after;
            }
        }
    }
}

/// The rest after the first such byte.
fn behind(text: &[u8], byte: u8) -> &[u8] {
    text.iter().position(|other| *other == byte).map_or(&[], |at| &text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn of(disposition: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_bytes(disposition).ok()?);
        name(&headers)
    }

    #[test]
    fn a_name_is_found_at_any_position() {
        for disposition in [
            r#"form-data; name="picture""#,
            r#"form-data; name=picture"#,
            r#"form-data;name=picture;filename=leaf.jpg"#,
            r#"form-data ; NAME = "picture" ; filename="a.jpg""#,
            r#"form-data; filename="leaf.jpg"; name="picture""#,
            r#"form-data; filename="a; name=other.jpg"; name="picture""#,
            r#"form-data; filename="a\"; name=\"other\".jpg"; name="picture""#,
            r#"form-data; filename="a%22; name=%22other.jpg"; name="picture""#,
            r#"form-data; filename="C:\name\leaf.jpg"; name="picture""#,
            r#"form-data; filename*=UTF-8''%E5%8F%B6.jpg; name="picture""#,
            r#"form-data; filename=; name="picture""#,
            r#"form-data; x; ; name="pic\ture""#,
            r#"attachment; filename="叶; name.jpg"; name="picture""#,
        ] {
            let found = of(disposition.as_bytes()).unwrap();
            assert_eq!(found.replace('\\', ""), "picture", "{disposition}");
        }
        for disposition in
            ["", "form-data", r#"form-data; filename="name=picture""#, r#"form-data; xname="picture""#, "name=x"]
        {
            assert_eq!(of(disposition.as_bytes()), None, "{disposition}");
        }
        assert_eq!(of(br#"form-data; name="a;\"b\\""#).as_deref(), Some(r#"a;"b\"#));
    }

    #[test]
    fn only_plain_names_are_repeated() {
        assert_eq!(["file", "photos[]", "my_photo-2"].map(shown), [Some("file"), Some("photos[]"), Some("my_photo-2")]);
        assert_eq!(["", "a b", "leaf.jpg", "叶", "<b>", &"n".repeat(41)].map(shown), [None; 6]);
    }

    proptest! {
        #[test]
        fn every_name_is_found_next_to_every_file_name(name in "[ -~]{0,20}", file in "[ -~]{0,20}", first: bool) {
            let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let (name_part, file_part) = (format!("name={}", quote(&name)), format!("filename={}", quote(&file)));
            let parts = if first { [name_part, file_part] } else { [file_part, name_part] };
            prop_assert_eq!(of(format!("form-data; {}", parts.join("; ")).as_bytes()), Some(name));
        }

        #[test]
        fn any_disposition_is_parsed_without_panic(bytes: Vec<u8>) {
            of(&bytes);
        }
    }
}
