//! What came of the requests of each kind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::relay::client::Answer;
use crate::relay::figures::{Times, ms};

/// Faults of a kind that are told in words.
const TOLD: usize = 5;

/// Counts by kind. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Rc<RefCell<BTreeMap<&'static str, Kind>>>);

#[derive(Debug, Default)]
struct Kind {
    well: Times,
    refused: usize,
    faults: Vec<String>,
}

impl Tally {
    /// What should have happened did; for requests, after that time.
    pub(super) fn well(&self, kind: &'static str, time: std::time::Duration) {
        self.0.borrow_mut().entry(kind).or_default().well.add(time);
    }

    /// The relay had no place, and said so as it should.
    pub(super) fn refused(&self, kind: &'static str) {
        self.0.borrow_mut().entry(kind).or_default().refused += 1;
    }

    /// Something else happened.
    pub(super) fn fault(&self, kind: &'static str, what: String) {
        self.0.borrow_mut().entry(kind).or_default().faults.push(what);
    }

    /// An answer should not have been that one.
    pub(super) fn wrong(&self, kind: &'static str, answer: &Answer) {
        self.fault(kind, format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }

    /// Prints a line a kind.
    pub(super) fn print(&self) {
        for (name, Kind { well, refused, faults }) in &*self.0.borrow() {
            println!(
                "{name:40} {:7} as expected (p50 {:>8}, p99 {:>8}), {refused:5} told to come back, {} lost or wrong",
                well.len(),
                ms(well.quantile(0.5)),
                ms(well.quantile(0.99)),
                faults.len(),
            );
        }
    }

    /// What went wrong, in words, and what never happened.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut told = Vec::new();
        for (name, kind) in &*self.0.borrow() {
            told.extend(kind.faults.iter().take(TOLD).map(|fault| format!("{name}: {fault}")));
            if kind.faults.len() > TOLD {
                told.push(format!("{name}: {} more", kind.faults.len() - TOLD));
            }
            if kind.well.len() == 0 {
                told.push(format!("{name}: none ended as expected"));
            }
        }
        told
    }
}
