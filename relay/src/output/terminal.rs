//! Terminal output.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use unicode_width::UnicodeWidthStr;

/// The alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Pads text to a number of terminal columns. `format!` counts characters, but a Chinese character takes two columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    aligned(text, columns, Align::Left)
}

/// Rows of a table as lines, two spaces between their columns.
pub(crate) fn table<const N: usize>(align: [Align; N], rows: &[[String; N]]) -> Vec<String> {
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0));
    let line = |row: &[String; N]| {
        let cells: Vec<String> = (0..N).map(|column| aligned(&row[column], widths[column], align[column])).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// `1 file`, `5 files`, for nouns with a regular plural.
pub(crate) fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    format!("{count} {noun}{}", if count == N::from(1) { "" } else { "s" })
}

/// `1 photo`, `5 photos`.
pub(crate) fn photos(count: usize) -> String {
    counted(count, "photo")
}

/// `1 class`, `5 classes`.
pub(crate) fn classes(count: usize) -> String {
    format!("{count} class{}", if count == 1 { "" } else { "es" })
}

/// Removes control characters: file names may contain terminal escape codes.
pub(crate) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

/// A path for display.
pub(crate) fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// Prints lines on standard output.
pub(crate) fn print(lines: &[String]) -> anyhow::Result<()> {
    shown(writeln!(io::stdout(), "{}", lines.join("\n")))?;
    Ok(())
}

/// A share in per cent, or a dash for a whole of 0.
pub(crate) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 / whole as f64 * 100.0) }
}

/// Whether the reader still listens: `head` closes the pipe early.
pub(crate) fn shown(written: io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("cannot write the answer"),
    }
}

fn aligned(text: &str, columns: usize, align: Align) -> String {
    let space = " ".repeat(columns.saturating_sub(text.width()));
    match align {
        Align::Left => format!("{text}{space}"),
        Align::Right => format!("{space}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!([0, 1, 2].map(photos), ["0 photos", "1 photo", "2 photos"]);
        assert_eq!([1, 2].map(classes), ["1 class", "2 classes"]);
    }

    #[test]
    fn columns_line_up_whatever_the_script() {
        let rows = [["蓟马", "7"], ["of mine", "12"]].map(|row| row.map(str::to_owned));
        let lines = table([Align::Left, Align::Right], &rows);
        assert_eq!(lines, ["蓟马      7", "of mine  12"]);
    }
}
