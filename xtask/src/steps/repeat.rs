//! The command that repeats a run.

/// This run's command, as it can be pasted into a shell.
pub(crate) fn command() -> String {
    std::env::args().skip(1).fold("cargo xtask".to_owned(), |line, argument| line + " " + &quoted(&argument))
}

/// An argument, quoted for a POSIX shell where necessary.
pub(crate) fn quoted(argument: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./:,@%+".contains(letter);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_quoted_argument_unchanged() {
        for argument in ["--port", "lints, wasm32", "it's", "", "$HOME", "a\"b\\c", "叶 子"] {
            let line = format!("printf %s {}", quoted(argument));
            let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), argument);
        }
        assert_eq!(quoted("--only=format"), "--only=format");
    }
}
