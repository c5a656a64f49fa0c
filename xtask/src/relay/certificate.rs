//! The development certificate of this user's relays.

use std::path::PathBuf;

use anyhow::{Context, Result};
use mango_relay_harness::development_certificate;

/// The certificate chain of a relay with this user's cache folder.
///
/// # Errors
/// This user has no cache folder.
pub(crate) fn users_certificate() -> Result<PathBuf> {
    let cache = dirs::cache_dir().context("this user has no cache folder, where the relay keeps its certificate")?;
    let [chain, _] = development_certificate(&cache);
    Ok(chain)
}
