//! Something that commands need beyond the toolchain.

use anyhow::Result;

use crate::steps::Usual;

/// Something that commands need beyond the toolchain.
pub(crate) trait Dependency: Sync {
    /// Its name, and its version if that is pinned.
    fn name(&self) -> String;

    /// Where it comes from and where it is installed.
    ///
    /// # Errors
    /// This user has no cache folder.
    fn place(&self) -> Result<String>;

    /// The command with which a user can install it.
    ///
    /// # Errors
    /// This user has no cache folder.
    fn command(&self) -> Result<String>;

    /// Whether its installation changes the system.
    fn needs_root(&self) -> bool {
        false
    }

    /// Whether this command can install it here.
    fn is_installable(&self) -> bool {
        true
    }

    /// Whether a check fetches it, and set-up only lists it.
    fn is_fetched_by_a_check(&self) -> bool {
        false
    }

    /// How long its installation takes.
    fn usual(&self) -> Usual;

    /// Whether it is there, in the needed version.
    ///
    /// # Errors
    /// It cannot be found out.
    fn is_installed(&self) -> Result<bool>;

    /// Installs it.
    ///
    /// # Errors
    /// It cannot be installed here.
    fn install(&self) -> Result<()>;
}
