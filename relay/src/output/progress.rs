//! Progress bars on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `len` steps; hidden if standard error is not a terminal.
pub(crate) fn bar(len: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {bar:32} {pos}/{len} eta {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(len as u64).with_style(style).with_message(what)
}
