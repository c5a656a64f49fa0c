//! What clients will not like about a certificate that can be served all the same.

use std::fmt;

/// One thing that clients will not like, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Concern {
    pub(crate) text: String,
    pub(crate) cure: String,
}

/// In one line.
impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.text, self.cure)
    }
}
