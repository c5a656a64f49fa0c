//! The definition of a setting.

use std::ffi::OsString;

/// The prefix of environment variables.
pub(in crate::settings) const PREFIX: &str = "MANGO_RELAY_";

/// The environment variable of that name.
pub(in crate::settings) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('-', "_").to_ascii_uppercase())
}

/// A setting: name, help text, value type and default.
pub(crate) struct Setting<T: 'static> {
    name: &'static str,
    /// A name that is still accepted, with a warning.
    former: Option<&'static str>,
    pub(in crate::settings) value_type: &'static ValueType<T>,
    pub(in crate::settings) default: T,
    /// A description of the default, if its value does not say it.
    otherwise: &'static str,
    help: &'static str,
}

/// How values of a type are parsed and shown.
pub(crate) struct ValueType<T: 'static> {
    /// The placeholder in `--help`.
    value_name: &'static str,
    arity: Arity,
    /// Parses texts; the error says what is expected.
    pub(in crate::settings) parse: fn(&[OsString]) -> Result<T, String>,
    /// Texts that [`ValueType::parse`] reads as the same value; none for an absent value.
    pub(in crate::settings) show: fn(&T) -> Vec<OsString>,
}

impl<T> ValueType<T> {
    pub(super) const fn new(
        value_name: &'static str,
        arity: Arity,
        parse: fn(&[OsString]) -> Result<T, String>,
        show: fn(&T) -> Vec<OsString>,
    ) -> Self {
        Self { value_name, arity, parse, show }
    }
}

/// Number and type of the arguments.
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
    /// A switch.
    Switch,
}

impl Arity {
    pub(crate) fn several(self) -> bool {
        matches!(self, Self::Texts | Self::Paths)
    }

    pub(in crate::settings) fn of_paths(self) -> bool {
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
        Self { name, former: None, value_type, default, otherwise: "", help }
    }

    /// As [`Setting::new`], with a description of the default.
    pub(super) const fn or(
        name: &'static str,
        value_type: &'static ValueType<T>,
        default: T,
        otherwise: &'static str,
        help: &'static str,
    ) -> Self {
        Self { name, former: None, value_type, default, otherwise, help }
    }

    /// The same setting, also under a former name.
    pub(super) const fn formerly(mut self, name: &'static str) -> Self {
        self.former = Some(name);
        self
    }
}

/// A setting of any type.
pub(crate) trait Definition: Sync {
    /// The name of the flag and of the configuration key.
    fn name(&self) -> &'static str;
    /// The help text.
    fn help(&self) -> &'static str;
    /// The placeholder in `--help`.
    fn value_name(&self) -> &'static str;
    /// Number and type of the arguments.
    fn arity(&self) -> Arity;
    /// A description of the default; empty if there is none.
    fn default(&self) -> String;

    /// A name that is still accepted, with a warning.
    fn former(&self) -> Option<&'static str>;

    /// That name, if it is the setting's name or its former one.
    fn known_as(&self, name: &str) -> Option<&'static str> {
        [Some(self.name()), self.former()].into_iter().flatten().find(|known| *known == name)
    }
}

impl<T: Sync> Definition for Setting<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn former(&self) -> Option<&'static str> {
        self.former
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
