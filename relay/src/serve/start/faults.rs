//! Collects all errors that prevent the start.

use std::fmt;

/// Errors of the files and addresses that the settings name; at least one.
#[derive(Debug, thiserror::Error)]
pub struct Faults(Vec<anyhow::Error>);

/// Errors collected so far.
#[derive(Debug, Default)]
pub(in crate::serve) struct Gathered(Vec<anyhow::Error>);

impl Gathered {
    /// The value, or none after recording the error.
    pub(in crate::serve) fn sound<T>(&mut self, result: Result<T, impl Into<anyhow::Error>>) -> Option<T> {
        result.map_err(|error| self.0.push(error.into())).ok()
    }

    /// Succeeds if no error was recorded.
    ///
    /// # Errors
    /// All recorded errors.
    pub(in crate::serve) fn none(self) -> Result<(), Faults> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl From<Gathered> for Faults {
    fn from(Gathered(faults): Gathered) -> Self {
        Self(faults)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [fault] => write!(f, "{fault:#}"),
            faults => {
                write!(f, "{} errors prevent the start:", faults.len())?;
                faults.iter().try_for_each(|fault| write!(f, "\n  {fault:#}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::{Context, anyhow};

    #[test]
    fn every_error_is_listed_with_its_cause() {
        let mut gathered = Gathered::default();
        assert_eq!(gathered.sound(Ok::<_, anyhow::Error>(3)), Some(3));
        assert_eq!(gathered.sound::<()>(Err(anyhow!("no key")).context("no certificate")), None);
        assert_eq!(gathered.sound::<()>(Err(anyhow!("taken"))), None);
        let text = gathered.none().unwrap_err().to_string();
        assert_eq!(text, "2 errors prevent the start:\n  no certificate: no key\n  taken");
        assert!(Gathered::default().none().is_ok());
    }
}
