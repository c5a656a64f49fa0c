//! Summary of several measurements.

use std::fmt;

/// The median of some numbers, and their range.
pub(crate) struct Spread {
    least: f64,
    pub(crate) middle: f64,
    most: f64,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        Self { least: at(0), middle: at(values.len() / 2), most: at(values.len().saturating_sub(1)) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:8.2} ({:.2} to {:.2})", self.middle, self.least, self.most)
    }
}
