//! The sources of settings.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::definitions::CONFIG;
use super::fault::Fault;
use super::flags::ServeArgs;
use super::setting::{Arity, Definition};
use super::{environment, file};

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
pub(super) struct Given {
    pub(super) values: Vec<OsString>,
    pub(super) origin: Origin,
}

impl Given {
    /// Source and value, for error messages.
    pub(super) fn place(&self, setting: &dyn Definition) -> String {
        match &self.origin {
            Origin::File { file, line } => format!("{}, line {line}: {}", file.display(), self.typed_alone(setting)),
            Origin::Flag | Origin::Environment | Origin::Default => self.typed_alone(setting),
        }
    }

    /// As [`Given::place`], for use inside a sentence.
    fn typed(&self, setting: &dyn Definition) -> String {
        match &self.origin {
            Origin::File { file, line } => format!("{} ({}, line {line})", self.typed_alone(setting), file.display()),
            Origin::Flag if setting.arity() == Arity::Switch => format!("--{}", setting.name()),
            Origin::Flag | Origin::Environment | Origin::Default => self.typed_alone(setting),
        }
    }

    /// The flag, variable or key with its value.
    fn typed_alone(&self, setting: &dyn Definition) -> String {
        let values: Vec<_> = self.values.iter().map(|value| value.to_string_lossy()).collect();
        let values = crate::output::terminal::printable(&values.join(","));
        match &self.origin {
            Origin::Environment => format!("{}={values}", setting.variable()),
            Origin::File { .. } => format!("{} = {values}", setting.name()),
            Origin::Flag | Origin::Default => format!("--{} {values}", setting.name()),
        }
    }
}

/// Settings of one origin, by name.
pub(super) type Layer = BTreeMap<&'static str, Given>;

/// All layers, in order of precedence.
#[derive(Debug)]
pub(super) struct Sources {
    layers: [Layer; 3],
}

impl Sources {
    /// The layers of these flags and variables, and of the configuration file that they name, with the errors in them.
    pub(super) fn gather(
        args: &ServeArgs,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let flags: Layer = args
            .given()
            .map(|(name, values)| (name, Given { values: values.to_vec(), origin: Origin::Flag }))
            .collect();
        let environment = environment::layer(variables, &mut faults);
        let mut sources = Self { layers: [flags, environment, Layer::default()] };
        if let Some(path) = sources.find(CONFIG.name()).and_then(|given| given.values.first()).cloned() {
            sources.layers[2] = read(Path::new(&path), &mut faults);
        }
        (sources, faults)
    }

    /// The layer of the text of a configuration file, with the errors in it.
    pub(super) fn of_file(path: &Path, text: &str) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let layer = file::layer(path, text, &mut faults);
        (Self { layers: [Layer::default(), Layer::default(), layer] }, faults)
    }

    /// A setting as the user typed it; name and default if it is not set.
    pub(super) fn typed(&self, setting: &dyn Definition) -> String {
        match self.find(setting.name()) {
            Some(given) => given.typed(setting),
            None => format!("{} ({} by default)", setting.name(), setting.default()),
        }
    }

    /// The value of a setting with the highest precedence.
    pub(super) fn find(&self, name: &str) -> Option<&Given> {
        self.layers.iter().find_map(|layer| layer.get(name))
    }
}

fn read(path: &Path, faults: &mut Vec<Fault>) -> Layer {
    match fs::read_to_string(path) {
        Ok(text) => file::layer(path, &text, faults),
        Err(error) => {
            faults.push(Fault::Unreadable { file: path.to_owned(), error: error.to_string() });
            Layer::default()
        }
    }
}
