//! The password of a PKCS#12 file.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use super::read::read;
use crate::fault::{PASSWORD_VARIABLE, PasswordOrigin, TlsError, TlsFault};

/// A password or its source.
#[derive(Clone)]
pub(super) enum Password {
    FromEnvironment(String),
    /// Read again each time: a renewed certificate may have a new password.
    In(PathBuf),
    /// No password; some files open without one.
    None,
    Typed(String),
}

impl Password {
    /// The password in the file, else in the environment, else none.
    pub(super) fn given(file: Option<&Path>) -> Result<Self, TlsError> {
        if let Some(file) = file {
            return Ok(Self::In(file.to_owned()));
        }
        match env::var_os(PASSWORD_VARIABLE).map(OsString::into_string) {
            None => Ok(Self::None),
            Some(Ok(text)) => Ok(Self::FromEnvironment(text)),
            Some(Err(_)) => Err(TlsFault::PasswordNotText.of(PASSWORD_VARIABLE)),
        }
    }

    /// Prompts at the terminal for the password of the file at `path`.
    pub(super) fn ask(path: &Path) -> Result<Self, TlsError> {
        if !io::stdin().is_terminal() {
            return Err(TlsFault::PasswordNeeded.of(path));
        }
        rpassword::prompt_password(format!("Password of {}: ", path.display()))
            .map(Self::Typed)
            .map_err(|_| TlsFault::PasswordNeeded.of(path))
    }

    pub(super) fn text(&self) -> Result<String, TlsError> {
        match self {
            Self::FromEnvironment(text) | Self::Typed(text) => Ok(text.clone()),
            Self::In(file) => {
                String::from_utf8(read(file)?).map(|text| line(&text)).map_err(|_| TlsFault::PasswordNotText.of(file))
            }
            Self::None => Ok(String::new()),
        }
    }

    /// Adds the source of the password to an error about a wrong password.
    pub(super) fn explain(&self, fault: TlsFault) -> TlsFault {
        let origin = match (fault, self) {
            (TlsFault::WrongPassword(_), Self::None) => return TlsFault::PasswordNeeded,
            (TlsFault::WrongPassword(_), Self::FromEnvironment(_)) => PasswordOrigin::Environment,
            (TlsFault::WrongPassword(_), Self::In(file)) => PasswordOrigin::File(file.clone()),
            (TlsFault::WrongPassword(_), Self::Typed(_)) => PasswordOrigin::Terminal,
            (fault, _) => return fault,
        };
        TlsFault::WrongPassword(origin)
    }

    /// The password file.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::In(file) => Some(file),
            Self::FromEnvironment(_) | Self::None | Self::Typed(_) => None,
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FromEnvironment(_) => f.write_str("FromEnvironment"),
            Self::In(file) => f.debug_tuple("In").field(file).finish(),
            Self::None => f.write_str("None"),
            Self::Typed(_) => f.write_str("Typed"),
        }
    }
}

/// The first line of a password file, without the byte order mark that Windows' editor writes.
fn line(text: &str) -> String {
    text.trim_start_matches('\u{FEFF}').lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_first_line_of_its_file() {
        for text in ["mango", "mango\n", "mango\r\n", "\u{FEFF}mango\r\nanother\n"] {
            assert_eq!(line(text), "mango");
        }
        assert_eq!((line(""), line(" two words ")), (String::new(), " two words ".to_owned()));
    }

    #[test]
    fn errors_name_the_source_and_never_the_password() {
        let secret = "secret".to_owned();
        for (password, origin) in [
            (
                Password::FromEnvironment(secret.clone()),
                "wrong password in the environment variable MANGO_RELAY_PFX_PASSWORD;",
            ),
            (Password::Typed(secret), "wrong password typed at the prompt;"),
        ] {
            let fault = password.explain(TlsFault::WrongPassword(PasswordOrigin::Caller));
            assert!(fault.to_string().starts_with(origin), "{fault}");
            assert!(!format!("{password:?} {fault} {fault:?}").contains("secret"));
        }
    }
}
