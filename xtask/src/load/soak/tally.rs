//! Results by kind of request.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::load::client::Answer;
use crate::load::figures::{Times, ms};

/// Most errors of a kind to print.
const PRINTED: usize = 5;

/// Counts by kind. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Rc<RefCell<BTreeMap<&'static str, Kind>>>);

#[derive(Debug, Default)]
struct Kind {
    well: Times,
    refused: usize,
    faults: Vec<String>,
}

impl Tally {
    /// Counts an expected result and its time.
    pub(super) fn well(&self, kind: &'static str, time: std::time::Duration) {
        self.0.borrow_mut().entry(kind).or_default().well.add(time);
    }

    /// Counts a refusal by a full relay.
    pub(super) fn refused(&self, kind: &'static str) {
        self.0.borrow_mut().entry(kind).or_default().refused += 1;
    }

    /// Counts an error.
    pub(super) fn fault(&self, kind: &'static str, what: String) {
        self.0.borrow_mut().entry(kind).or_default().faults.push(what);
    }

    /// Counts a wrong response.
    pub(super) fn wrong(&self, kind: &'static str, answer: &Answer) {
        self.fault(kind, format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }

    /// Prints a line for each kind.
    pub(super) fn print(&self) {
        for (name, Kind { well, refused, faults }) in &*self.0.borrow() {
            println!(
                "{name:40} {:7} as expected (p50 {:>8}, p99 {:>8}), {refused:5} refused, {} lost or wrong",
                well.len(),
                ms(well.quantile(0.5)),
                ms(well.quantile(0.99)),
                faults.len(),
            );
        }
    }

    /// The errors, and the kinds without an expected result.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, kind) in &*self.0.borrow() {
            lines.extend(kind.faults.iter().take(PRINTED).map(|fault| format!("{name}: {fault}")));
            if kind.faults.len() > PRINTED {
                lines.push(format!("{name}: {} more", kind.faults.len() - PRINTED));
            }
            if kind.well.len() == 0 {
                lines.push(format!("{name}: none ended as expected"));
            }
        }
        lines
    }
}
