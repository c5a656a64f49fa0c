//! Configuration files.

use std::path::Path;
use std::str;

use mango_relay::settings::{Resolved, Settings};

use crate::sound;

/// What the file would be called: paths in it are seen from its folder, where the corpora lie.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpora/relay.toml");

/// Reads a configuration, and once more what it is printed as.
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
    assert_eq!(again.expect("what was printed can be read"), printed);
    true
}
