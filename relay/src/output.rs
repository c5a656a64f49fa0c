//! Output of the program: the terminal, and files.

pub(crate) mod progress;
pub(crate) mod replace;
pub(crate) mod terminal;
