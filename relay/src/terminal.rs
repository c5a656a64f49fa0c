//! Text for people at a terminal.

use std::io;

use anyhow::Context;
use unicode_width::UnicodeWidthStr;

/// Text filled up to that many terminal columns. `format!` counts characters, of which a Chinese one takes two columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// `1 photo`, `5 photos`.
pub(crate) fn photos(count: usize) -> String {
    format!("{count} photo{}", if count == 1 { "" } else { "s" })
}

/// `1 class`, `5 classes`.
pub(crate) fn classes(count: usize) -> String {
    format!("{count} class{}", if count == 1 { "" } else { "es" })
}

/// Names of files may hold what a terminal takes for commands.
pub(crate) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

/// Whether there is still a reader, who may have seen enough, as `head` does.
pub(crate) fn shown(written: io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("cannot write the answer"),
    }
}
