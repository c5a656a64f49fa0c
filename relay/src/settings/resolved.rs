//! The settings of `serve` with their sources.

mod password;
mod report;

pub use report::Row;

use super::values::Settings;

/// Settings with their sources.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// One row for each setting.
    pub rows: Vec<Row>,
    /// Uses of former names.
    pub warnings: Vec<String>,
}

impl Resolved {
    /// A table with a header: each setting, its value and its source. It contains no password.
    #[must_use]
    pub fn cells(&self) -> Vec<[String; 3]> {
        report::cells(&self.rows, &self.settings.certificate)
    }

    /// A configuration file with the same settings.
    #[must_use]
    pub fn to_toml(&self) -> String {
        report::toml(&self.rows).join("\n") + "\n"
    }
}
