//! What is wrong with settings.

use std::fmt;
use std::path::PathBuf;

/// Everything that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub struct SettingsError {
    /// At least one fault.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value that cannot be used.
    #[error("{place}: {wrong}")]
    Value {
        /// Where it was given, and what.
        place: String,
        /// What should have been.
        wrong: String,
    },
    /// Values that do not go together.
    #[error("{0}")]
    Together(String),
    /// A key of the configuration file that is none.
    #[error("{}, line {line}: unknown key `{key}`{}", file.display(), meant(near))]
    UnknownKey {
        /// The configuration file.
        file: PathBuf,
        /// Its line, the first being 1.
        line: usize,
        /// The key.
        key: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// An environment variable with the relay's prefix that is none of its own.
    #[error("unknown environment variable {name}{}", meant(near))]
    UnknownVariable {
        /// Its name. Its value may be a secret.
        name: String,
        /// What may have been meant.
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
        /// What the parser says.
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
