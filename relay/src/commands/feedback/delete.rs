//! `feedback delete`.

use std::path::Path;

use anyhow::{Context, bail};

use super::{list, print};
use crate::cli::DeleteFeedbackArgs;
use crate::feedback::RecordId;
use crate::feedback::folder::{self, Listed};
use crate::output::terminal::counted;

/// Deletes records. If one of them is not there, nothing is deleted.
pub(super) fn run(args: &DeleteFeedbackArgs, folder: &Path) -> anyhow::Result<()> {
    let records = list::read(folder)?.records;
    let ids = chosen(args, &records)?;
    for id in &ids {
        folder::delete(folder, id).with_context(|| format!("cannot delete {}", folder::path(folder, id).display()))?;
    }
    let (deleted, left) = (counted(ids.len() as u64, "record"), counted((records.len() - ids.len()) as u64, "record"));
    print(&[format!("{}: {deleted} deleted, {left} left", folder.display())])
}

fn chosen(args: &DeleteFeedbackArgs, records: &[Listed]) -> anyhow::Result<Vec<RecordId>> {
    if args.all {
        return Ok(records.iter().map(|record| record.id.clone()).collect());
    }
    let by_id = args.ids.iter().map(|start| beginning_with(records, start));
    let by_code = args.codes.iter().map(|code| {
        let found = records.iter().find(|record| record.id == code.id());
        found.map(|record| record.id.clone()).context("no record has that code: it was deleted, or has expired")
    });
    let mut ids = by_id.chain(by_code).collect::<anyhow::Result<Vec<_>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn beginning_with(records: &[Listed], start: &str) -> anyhow::Result<RecordId> {
    let mut found = records.iter().filter(|record| record.id.as_str().starts_with(start));
    match (found.next(), found.next()) {
        (Some(record), None) => Ok(record.id.clone()),
        (Some(_), Some(_)) => bail!("the ids of several records begin with {start}; give more digits"),
        (None, _) => bail!("no record's id begins with {start}; `list --json` gives all ids"),
    }
}
