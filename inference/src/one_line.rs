//! What files and libraries say, for people.

/// The text in one line that a terminal only shows: files name fields and tensors as they like.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(char::is_control, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_moves_the_cursor() {
        assert_eq!(one_line("  two lines\r\n and\tan \u{1b}[2J escape\n"), "two lines and an \u{FFFD}[2J escape");
        assert_eq!(one_line("芒果 é"), "芒果 é");
    }
}
