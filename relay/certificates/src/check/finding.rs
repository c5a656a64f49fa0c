//! One finding about a server.

use super::net_error::{Failure, NetError};
use crate::text::printable;

/// The result of one check.
#[derive(Debug)]
pub struct Finding {
    /// What was checked.
    pub topic: &'static str,
    /// The severity.
    pub grade: Grade,
    /// What was found.
    pub text: String,
    /// What to do.
    pub hint: Option<String>,
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Harmless for phones.
    Note,
    /// Some phones, or all phones for a while, may have trouble.
    Warning,
    /// A phone fails with this.
    Bad(NetError),
}

impl Finding {
    pub(super) fn good(topic: &'static str, text: impl Into<String>) -> Self {
        Self { topic, grade: Grade::Good, text: text.into(), hint: None }
    }

    pub(super) fn note(topic: &'static str, text: impl Into<String>) -> Self {
        Self { topic, grade: Grade::Note, text: text.into(), hint: None }
    }

    pub(super) fn bad(topic: &'static str, error: NetError, text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { topic, grade: Grade::Bad(error), text: text.into(), hint: Some(hint.into()) }
    }

    pub(super) fn failure(topic: &'static str, Failure { error, why }: &Failure) -> Self {
        Self::bad(topic, *error, printable(why), error.hint())
    }
}
