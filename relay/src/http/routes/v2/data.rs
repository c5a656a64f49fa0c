//! A tensor's data in JSON, flat or nested.

use std::fmt;

use mango_inference::MAX_PHOTOS;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};

use super::base64_text;

/// The elements in row-major order, however nested. They are parsed without a JSON tree, which would take many times
/// their memory.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    /// UINT8 elements.
    pub(super) numbers: Vec<u8>,
    /// BYTES elements, decoded from base64, since JSON has no bytes.
    pub(super) bytes: Vec<Vec<u8>>,
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut data = Self::default();
        deserializer.deserialize_seq(Into(&mut data))?;
        Ok(data)
    }
}

/// Appends an element, or all elements of a list, to the data.
struct Into<'a>(&'a mut Data);

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("UINT8 data (whole numbers from 0 to 255) or BYTES data (base64 texts)")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Into(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        let byte = u8::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))?;
        self.0.numbers.push(byte);
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.0.bytes.len() == MAX_PHOTOS {
            return Err(E::custom(format!("more than {MAX_PHOTOS} photos")));
        }
        let bytes =
            base64_text::decode(text).map_err(|error| E::custom(format!("a photo is not in base64: {error}")))?;
        self.0.bytes.push(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, from_str};

    /// The reference: flattens a whole JSON tree.
    fn flatten(value: &Value) -> Vec<u8> {
        value.as_array().map_or_else(
            || value.as_u64().and_then(|number| number.try_into().ok()).into_iter().collect(),
            |list| list.iter().flat_map(flatten).collect(),
        )
    }

    fn nested() -> impl Strategy<Value = Value> {
        let number = any::<u8>().prop_map(Value::from);
        let list =
            number.prop_recursive(5, 60, 6, |inner| proptest::collection::vec(inner, 0..6).prop_map(Value::from));
        proptest::collection::vec(list, 0..6).prop_map(Value::from)
    }

    proptest! {
        #[test]
        fn nested_lists_are_taken_in_row_major_order(value in nested()) {
            let data: Data = from_str(&value.to_string()).unwrap();
            prop_assert_eq!(data.numbers, flatten(&value));
        }
    }

    #[test]
    fn values_outside_0_to_255_are_refused() {
        for text in ["7", "[256]", "[-1]", "[1.0]", "[null]", "[true]", "[{}]", "[[1,[\"?\"]]]", "[1", "\"AA==\""] {
            assert!(from_str::<Data>(text).is_err(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(from_str::<Data>(&deep).is_err());
    }

    #[test]
    fn texts_are_base64_and_their_number_is_limited() {
        assert_eq!(from_str::<Data>("[[\"aGk=\"],[\"\"]]").unwrap().bytes, [b"hi".to_vec(), Vec::new()]);
        assert!(from_str::<Data>(&format!("[{}\"\"]", "\"\",".repeat(MAX_PHOTOS))).is_err());
    }
}
