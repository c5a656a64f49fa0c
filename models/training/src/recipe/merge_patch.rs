//! JSON merge patches: a recipe with something changed.

use serde_json::{Map, Value};

/// RFC 7396: objects are merged field by field, `null` takes a field out, anything else takes its place.
pub(super) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    let mut fields = if let Value::Object(fields) = target.take() { fields } else { Map::new() };
    for (field, value) in patch {
        if value.is_null() {
            fields.remove(&field);
        } else {
            merge(fields.entry(field).or_insert(Value::Null), value);
        }
    }
    *target = Value::Object(fields);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The examples of RFC 7396's appendix that objects concern.
    #[test]
    fn patches_merge_as_the_rfc_says() {
        for (mut target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            merge(&mut target, patch);
            assert_eq!(target, result);
        }
    }
}
