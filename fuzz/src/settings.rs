//! Configuration files.

use std::path::Path;
use std::str;

use mango_relay::settings::{Resolved, Settings};

use crate::sound;

/// The assumed path of the file: paths in it are relative to its folder, where the corpora are.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/relay.toml");

/// Parses a configuration, and parses its printed form again.
pub fn settings(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let resolved = match Settings::from_toml(Path::new(FILE), text) {
        Ok(resolved) => resolved,
        Err(error) => {
            assert!(!error.faults.is_empty() && error.faults.iter().all(|fault| !sound::refused(fault)));
            return false;
        }
    };
    for row in &resolved.rows {
        assert!(!row.value().contains(char::is_control), "{row:?}");
    }
    let printed = resolved.to_toml();
    let again = Settings::from_toml(Path::new(FILE), &printed).map(|again| Resolved::to_toml(&again));
    assert_eq!(again.expect("the printed configuration can be parsed"), printed);
    true
}
