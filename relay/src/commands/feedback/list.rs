//! `feedback list`.

use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::cli::ListFeedbackArgs;
use crate::feedback::folder::{self, Listed, Listing};
use crate::feedback::{Facts, RecordId};
use crate::model::ClassNames;
use crate::output::terminal::{Align, counted, print, printable, table};

/// Prints the records of a folder.
pub(super) fn run(args: &ListFeedbackArgs, folder: &Path) -> anyhow::Result<()> {
    let listing = read(folder)?;
    if args.json {
        return print(&[serde_json::to_string(&Output::of(&listing))?]);
    }
    print(&lines(&listing, folder, &ClassNames::new([])?))
}

/// The records of a folder. Damaged ones are named on standard error.
pub(super) fn read(folder: &Path) -> anyhow::Result<Listing> {
    let listing = folder::list(folder).with_context(|| format!("cannot read the feedback in {}", folder.display()))?;
    for (path, error) in &listing.damaged {
        eprintln!("mango-relay: {}: {error}; it is left out", path.display());
    }
    Ok(listing)
}

fn lines(listing: &Listing, folder: &Path, names: &ClassNames) -> Vec<String> {
    let bytes: u64 = listing.records.iter().map(|record| record.bytes).sum();
    let head = format!("{}: {}, {bytes} bytes", folder.display(), counted(listing.records.len() as u64, "record"));
    let mut rows =
        vec![["id", "day", "label of the grower", "answer of the model", "verdict", "model"].map(str::to_owned)];
    rows.extend(listing.records.iter().map(|Listed { id, facts, .. }| {
        let (label, answer) = (names.text(&facts.label), names.text(&facts.answer));
        let model = printable(&facts.model);
        [id.short().to_owned(), facts.day.to_string(), label, answer, facts.verdict.as_str().to_owned(), model]
    }));
    let mut lines = vec![head];
    if !listing.records.is_empty() {
        lines.extend(table([Align::Left; 6], &rows));
    }
    lines
}

/// The JSON output.
#[derive(Serialize)]
struct Output<'a> {
    bytes: u64,
    records: Vec<OutputRecord<'a>>,
}

#[derive(Serialize)]
struct OutputRecord<'a> {
    id: &'a RecordId,
    #[serde(flatten)]
    facts: &'a Facts,
    bytes: u64,
}

impl<'a> Output<'a> {
    fn of(listing: &'a Listing) -> Self {
        let record = |Listed { id, facts, bytes }: &'a Listed| OutputRecord { id, facts, bytes: *bytes };
        Self {
            bytes: listing.records.iter().map(|record| record.bytes).sum(),
            records: listing.records.iter().map(record).collect(),
        }
    }
}
