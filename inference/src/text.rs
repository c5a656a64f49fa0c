//! Text from outside: JSON with the field of an error, and text that is safe in an error's line.

pub(crate) mod json;
mod one_line;

pub(crate) use one_line::one_line;
