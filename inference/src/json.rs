//! Reading JSON so that an error names the field.

use serde::de::DeserializeOwned;

/// A field that does not hold what it should.
#[derive(Debug)]
pub(crate) struct WrongField {
    /// Its path, such as `classes[2]`; empty if it is the whole text, and always on wasm.
    pub(crate) field: String,
    /// What is wrong with it.
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

/// Without the path, which takes a twentieth of the phone's module. The problem has line and column.
#[cfg(target_family = "wasm")]
fn read<T: DeserializeOwned>(reader: &mut Reader<'_>) -> Result<T, WrongField> {
    T::deserialize(reader).map_err(|error| WrongField { field: String::new(), problem: error.to_string() })
}

/// serde gives a missing field's parent as its path; the name itself stands in the message.
#[cfg(not(target_family = "wasm"))]
fn named(parent: &str, problem: &str) -> String {
    // '.' is the whole text, '?' a place that is not even JSON.
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
    fn wrong_and_missing_fields_are_named_by_their_whole_path() {
        assert_eq!(wrong(r#"{"leaves": [{"area": 1}, {"area": "wide"}]}"#), "leaves[1].area");
        assert_eq!(wrong(r#"{"leaves": [{}]}"#), "leaves[0].area");
        assert_eq!(parse::<Leaf>("{}").unwrap_err().field, "area");
    }

    #[test]
    fn nothing_may_follow() {
        assert!(parse::<Leaf>(r#"{"area": 1} "#).is_ok());
        assert!(parse::<Leaf>(r#"{"area": 1} {"area": 2}"#).is_err());
    }
}
