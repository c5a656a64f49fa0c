//! Errors of settings.

use std::fmt;
use std::path::PathBuf;

/// All errors of the settings.
#[derive(Debug, thiserror::Error)]
pub struct SettingsError {
    /// At least one fault.
    pub faults: Vec<Fault>,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value that cannot be used.
    #[error("{place}: {wrong}")]
    Value {
        /// The source and the value.
        place: String,
        /// What is expected.
        wrong: String,
    },
    /// Values that contradict each other.
    #[error("{0}")]
    Together(String),
    /// An unknown key of the configuration file.
    #[error("{}, line {line}: unknown key `{key}`{}", file.display(), meant(near))]
    UnknownKey {
        /// The configuration file.
        file: PathBuf,
        /// Its line, the first being 1.
        line: usize,
        /// The key.
        key: String,
        /// A similar name, if there is one.
        near: Option<String>,
    },
    /// An unknown environment variable with the relay's prefix.
    #[error("unknown environment variable {name}{}", meant(near))]
    UnknownVariable {
        /// The name. The value is left out, since it may be a secret.
        name: String,
        /// A similar name, if there is one.
        near: Option<String>,
    },
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file {}: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: String,
    },
    /// The configuration file is not TOML.
    #[error("{}, line {line}: not TOML: {error}", file.display())]
    NotToml {
        /// The file.
        file: PathBuf,
        /// The line, the first being 1.
        line: usize,
        /// The parser's error.
        error: String,
    },
}

fn meant(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.as_slice() {
            [fault] => write!(f, "{fault}"),
            faults => {
                write!(f, "{} settings are wrong:", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}
