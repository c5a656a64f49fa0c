//! Whole numbers with a unit, such as `10s` and `8MiB`.

/// Units and their factors, the largest first.
pub(super) type Units = [(&'static str, u64)];

/// Milliseconds.
pub(super) const TIME: &Units = &[("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
/// Milliseconds, in seconds or milliseconds only.
pub(super) const SHORT_TIME: &Units = &[("s", 1000), ("ms", 1)];
/// Bytes.
pub(super) const BYTES: &Units = &[
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1000),
    ("B", 1),
    ("", 1),
];
/// Pixels.
pub(super) const PIXELS: &Units = &[("MP", 1_000_000), ("", 1)];

/// Parses a number with one of these units; none if it is invalid or too large.
pub(super) fn parse(text: &str, units: &Units) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

/// The shortest text that [`parse`] reads as this number.
pub(super) fn show(number: u64, units: &Units) -> String {
    let texts = units
        .iter()
        .filter(|(_, factor)| number.is_multiple_of(*factor))
        .map(|(unit, factor)| format!("{}{unit}", number / factor));
    texts.min_by_key(String::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_with_units_are_parsed() {
        assert_eq!(parse("10s", TIME), Some(10_000));
        assert_eq!(parse("500 ms", TIME), Some(500));
        assert_eq!(parse("8MiB", BYTES), Some(8 << 20));
        assert_eq!(parse("24MP", PIXELS), Some(24_000_000));
        assert_eq!(parse("4096", BYTES), Some(4096));
        for text in ["", "s", "10", "-1s", "1.5s", "10S", "10s ", "1 0s", "99999999999999999999s", "99999999999999999h"]
        {
            assert_eq!(parse(text, TIME), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_shown_in_the_shortest_form() {
        assert_eq!(show(8 << 20, BYTES), "8MiB");
        assert_eq!(show(60_000, SHORT_TIME), "60s");
        assert_eq!(show(1500, SHORT_TIME), "1500ms");
        assert_eq!(show(2000, BYTES), "2kB");
        assert_eq!(show(1001, BYTES), "1001");
    }

    proptest! {
        #[test]
        fn shown_numbers_round_trip(number in prop_oneof![any::<u64>(), 0..1u64 << 40]) {
            for units in [TIME, BYTES, PIXELS] {
                prop_assert_eq!(parse(&show(number, units), units), Some(number));
            }
        }

        #[test]
        fn any_text_is_parsed_without_panic(text in ".*") {
            for units in [TIME, BYTES, PIXELS] {
                let _ = parse(&text, units);
            }
        }
    }
}
