//! Sanitised text of files and libraries.

/// The text on one line, without control characters: names of fields and tensors come from untrusted files.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(char::is_control, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(one_line("  two lines\r\n and\tan \u{1b}[2J escape\n"), "two lines and an \u{FFFD}[2J escape");
        assert_eq!(one_line("芒果 é"), "芒果 é");
    }
}
