//! Settings as a table and as a configuration file.

use std::ffi::OsString;
use std::path::{self, Path};

use super::password::password_source;
use crate::output::terminal::printable;
use crate::settings::definitions::{Definition, GROUPS, PFX_PASSWORD_FILE, all, named};
use crate::settings::sources::Origin;
use crate::settings::values::CertificateFiles;

/// One setting with its value and source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name.
    pub name: &'static str,
    /// The values.
    pub values: Vec<OsString>,
    /// The source.
    pub origin: Origin,
}

impl Row {
    /// The value in one line; without a value a description of the default.
    #[must_use]
    pub fn value(&self) -> String {
        if self.origin == Origin::Default {
            return named(self.name).map(Definition::default).unwrap_or_default();
        }
        let texts: Vec<_> = self.values.iter().map(|text| text.to_string_lossy()).collect();
        printable(&texts.join(", "))
    }

    /// The line in a configuration file; a comment if there is no value.
    fn toml(&self) -> String {
        let Some(setting) = named(self.name) else { return String::new() };
        let values: Vec<String> = self.values.iter().map(|text| quoted(text, setting.arity().of_paths())).collect();
        if setting.arity().several() {
            return format!("{} = [{}]", self.name, values.join(", "));
        }
        match values.first() {
            Some(value) => format!("{} = {value}", self.name),
            None => format!("# {} =", self.name),
        }
    }
}

/// A table of all settings in the order of `--help`; after the PKCS#12 file follows the source of its password.
pub(super) fn cells(rows: &[Row], certificate: &CertificateFiles) -> Vec<[String; 3]> {
    let mut cells = vec![["setting", "value", "from"].map(str::to_owned)];
    for row in all().filter_map(|setting| rows.iter().find(|row| row.name == setting.name())) {
        cells.push([row.name.to_owned(), row.value(), row.origin.to_string()]);
        if row.name == PFX_PASSWORD_FILE.name() {
            let password = password_source(certificate);
            cells.extend(password.map(|from| ["pfx-password".to_owned(), "not shown".to_owned(), from]));
        }
    }
    cells
}

/// A configuration file with the same settings.
pub(super) fn toml(rows: &[Row]) -> Vec<String> {
    let mut lines = Vec::new();
    for (heading, group) in &GROUPS {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("# {heading}"));
        for row in group.iter().filter_map(|setting| rows.iter().find(|row| row.name == setting.name())) {
            lines.push(row.toml());
        }
    }
    lines
}

/// A TOML string. Paths are made absolute, since the file may be moved.
fn quoted(text: &OsString, is_path: bool) -> String {
    let whole = if is_path { path::absolute(Path::new(text)).unwrap_or_else(|_| text.into()) } else { text.into() };
    let text = whole.to_string_lossy();
    if text == "true" || text == "false" || text.parse::<u32>().is_ok_and(|number| number.to_string() == text) {
        return text.into_owned();
    }
    toml::Value::String(text.into_owned()).to_string()
}
