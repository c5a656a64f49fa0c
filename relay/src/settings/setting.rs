//! What a setting is.

use std::ffi::OsString;

/// A setting: its name, what it is for, how its value is read and what it is where nobody gives one.
pub(crate) struct Setting<T: 'static> {
    name: &'static str,
    pub(super) value_type: &'static ValueType<T>,
    pub(super) default: T,
    /// What the default amounts to, where its value does not say it.
    otherwise: &'static str,
    help: &'static str,
}

/// How values of a type are read and shown.
pub(crate) struct ValueType<T: 'static> {
    /// What `--help` puts in place of a value.
    pub(super) value_name: &'static str,
    pub(super) arity: Arity,
    /// The value that these texts make, or what should have been given.
    pub(super) parse: fn(&[OsString]) -> Result<T, String>,
    /// Texts that [`ValueType::parse`] makes the same value of; none of a value that means that there is none.
    pub(super) show: fn(&T) -> Vec<OsString>,
}

/// How much is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    /// One text.
    Text,
    /// Several texts.
    Texts,
    /// The path of a file or folder.
    Path,
    /// Several paths.
    Paths,
    /// Yes or no.
    Switch,
}

impl Arity {
    pub(crate) fn several(self) -> bool {
        matches!(self, Self::Texts | Self::Paths)
    }

    pub(super) fn of_paths(self) -> bool {
        matches!(self, Self::Path | Self::Paths)
    }
}

impl<T> Setting<T> {
    pub(super) const fn new(
        name: &'static str,
        value_type: &'static ValueType<T>,
        default: T,
        help: &'static str,
    ) -> Self {
        Self { name, value_type, default, otherwise: "", help }
    }

    /// As [`Setting::new`], with words for the default.
    pub(super) const fn or(
        name: &'static str,
        value_type: &'static ValueType<T>,
        default: T,
        otherwise: &'static str,
        help: &'static str,
    ) -> Self {
        Self { name, value_type, default, otherwise, help }
    }
}

/// A setting of any type.
pub(crate) trait Definition: Sync {
    /// Its name, as of the flag and of the configuration file's key.
    fn name(&self) -> &'static str;
    /// What it is for.
    fn help(&self) -> &'static str;
    /// What `--help` puts in place of a value.
    fn value_name(&self) -> &'static str;
    /// How much is given.
    fn arity(&self) -> Arity;
    /// What holds where nobody gives a value, for people; empty for nothing.
    fn default(&self) -> String;

    /// The environment variable that sets it.
    fn variable(&self) -> String {
        format!("{}{}", super::environment::PREFIX, self.name().replace('-', "_").to_ascii_uppercase())
    }
}

impl<T: Sync> Definition for Setting<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn help(&self) -> &'static str {
        self.help
    }

    fn value_name(&self) -> &'static str {
        self.value_type.value_name
    }

    fn arity(&self) -> Arity {
        self.value_type.arity
    }

    fn default(&self) -> String {
        if !self.otherwise.is_empty() {
            return self.otherwise.to_owned();
        }
        let texts: Vec<String> =
            (self.value_type.show)(&self.default).iter().map(|text| text.to_string_lossy().into_owned()).collect();
        texts.join(",")
    }
}
