//! Tables for the terminal, shared by several measures.

use std::fmt::Write as _;

use mango_inference::ClassId;

use super::metrics::Confusion;

/// The text that `write` writes.
pub(crate) fn written(write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text);
    text
}

/// The confusion matrix: true classes in rows, predicted classes in columns.
pub(super) fn write_confusion(text: &mut String, classes: &[ClassId], confusion: &Confusion) -> std::fmt::Result {
    write!(text, "{:18}", "truth \\ called")?;
    for class in classes {
        write!(text, " {:>7.7}", class.as_str())?;
    }
    writeln!(text)?;
    for (class, row) in classes.iter().zip(&confusion.counts).filter(|(_, row)| row.iter().any(|count| *count > 0)) {
        write!(text, "{:18}", class.as_str())?;
        for count in row {
            write!(text, " {count:>7}")?;
        }
        writeln!(text)?;
    }
    Ok(())
}
