//! Error messages for unreadable files.

use std::io;

/// The system's error, with a hint if it needs one.
#[must_use]
pub fn unreadable(error: &io::Error) -> String {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => "; let the user who runs this read it (chown, chmod), or run it as another",
        _ => "",
    };
    format!("cannot be read: {error}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_user_has_a_hint() {
        let message = |kind: io::ErrorKind| unreadable(&kind.into());
        assert!(message(io::ErrorKind::PermissionDenied).ends_with("or run it as another"));
        assert_eq!(
            message(io::ErrorKind::NotFound),
            format!("cannot be read: {}", io::Error::from(io::ErrorKind::NotFound))
        );
    }
}
