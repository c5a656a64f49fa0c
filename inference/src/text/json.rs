//! JSON parsing with errors that name the field.

use serde::de::DeserializeOwned;

/// An invalid field.
#[derive(Debug)]
pub(crate) struct WrongField {
    /// Its path, such as `classes[2]`; empty for the whole text, and always empty on wasm.
    pub(crate) field: String,
    /// The problem.
    pub(crate) problem: String,
}

/// Reads one JSON value and nothing after it.
pub(crate) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, WrongField> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = read(&mut reader)?;
    reader.end().map_err(|error| WrongField { field: String::new(), problem: error.to_string() })?;
    Ok(value)
}

type Reader<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

#[cfg(not(target_family = "wasm"))]
fn read<T: DeserializeOwned>(reader: &mut Reader<'_>) -> Result<T, WrongField> {
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let problem = error.inner().to_string();
        let parent = error.path().to_string();
        WrongField { field: named(&parent, &problem), problem }
    })
}

/// Without the path, whose code is 5 % of the phone's module. The problem has line and column.
#[cfg(target_family = "wasm")]
fn read<T: DeserializeOwned>(reader: &mut Reader<'_>) -> Result<T, WrongField> {
    T::deserialize(reader).map_err(|error| WrongField { field: String::new(), problem: error.to_string() })
}

/// serde gives the parent's path for a missing field; the field's name is in the message.
#[cfg(not(target_family = "wasm"))]
fn named(parent: &str, problem: &str) -> String {
    // '.' is the whole text, '?' a position that is not valid JSON.
    let parent = if matches!(parent, "." | "?") { "" } else { parent };
    match problem.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(name) if parent.is_empty() => name.to_owned(),
        Some(name) => format!("{parent}.{name}"),
        None => parent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, serde::Deserialize)]
    struct Leaf {
        #[expect(dead_code, reason = "only read by serde")]
        area: f32,
    }

    fn wrong(json: &str) -> String {
        parse::<BTreeMap<String, Vec<Leaf>>>(json).unwrap_err().field
    }

    #[test]
    fn invalid_and_missing_fields_are_named_by_their_full_path() {
        assert_eq!(wrong(r#"{"leaves": [{"area": 1}, {"area": "wide"}]}"#), "leaves[1].area");
        assert_eq!(wrong(r#"{"leaves": [{}]}"#), "leaves[0].area");
        assert_eq!(parse::<Leaf>("{}").unwrap_err().field, "area");
    }

    #[test]
    fn trailing_text_is_refused() {
        assert!(parse::<Leaf>(r#"{"area": 1} "#).is_ok());
        assert!(parse::<Leaf>(r#"{"area": 1} {"area": 2}"#).is_err());
    }
}
