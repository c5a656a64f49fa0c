//! Text for messages.

use std::fmt;

/// `1 day`, `5 days`, for nouns with a regular plural.
pub(crate) fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    format!("{count} {noun}{}", if count == N::from(1) { "" } else { "s" })
}

/// Replaces control characters: certificates may contain terminal escape codes.
pub(crate) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}
