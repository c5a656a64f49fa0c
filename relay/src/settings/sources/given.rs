//! Values that the user gave, and where.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::output::terminal::printable;
use crate::settings::definitions::{Arity, Definition, variable};

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File {
        /// The path.
        file: PathBuf,
        /// The line, the first being 1.
        line: usize,
    },
    /// The default.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment => f.write_str("environment"),
            Self::File { file, line } => write!(f, "{}, line {line}", file.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The values given for a setting.
#[derive(Clone, Debug)]
pub(in crate::settings) struct Given {
    /// The name under which it was given, which may be a former one.
    pub(in crate::settings) name: &'static str,
    pub(in crate::settings) values: Vec<OsString>,
    pub(in crate::settings) origin: Origin,
}

impl Given {
    /// Source and value, for error messages.
    pub(in crate::settings) fn place(&self) -> String {
        match &self.origin {
            Origin::File { file, line } => format!("{}, line {line}: {}", file.display(), self.typed_alone()),
            Origin::Flag | Origin::Environment | Origin::Default => self.typed_alone(),
        }
    }

    /// As [`Given::place`], for use inside a sentence.
    pub(super) fn typed(&self, setting: &dyn Definition) -> String {
        match &self.origin {
            Origin::File { file, line } => format!("{} ({}, line {line})", self.typed_alone(), file.display()),
            Origin::Flag if setting.arity() == Arity::Switch => format!("--{}", self.name),
            Origin::Flag | Origin::Environment | Origin::Default => self.typed_alone(),
        }
    }

    /// The flag, variable or key with its value.
    fn typed_alone(&self) -> String {
        let values: Vec<_> = self.values.iter().map(|value| value.to_string_lossy()).collect();
        let values = printable(&values.join(","));
        match &self.origin {
            Origin::Environment => format!("{}={values}", variable(self.name)),
            Origin::File { .. } => format!("{} = {values}", self.name),
            Origin::Flag | Origin::Default => format!("--{} {values}", self.name),
        }
    }
}

/// Settings of one origin, by name.
pub(super) type Layer = BTreeMap<&'static str, Given>;

/// Adds the value of a setting. Its present name overrides its former one.
pub(super) fn insert(layer: &mut Layer, setting: &dyn Definition, given: Given) {
    if given.name == setting.name() {
        layer.insert(setting.name(), given);
    } else {
        layer.entry(setting.name()).or_insert(given);
    }
}
