//! `feedback delete`.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::DeleteFeedbackArgs;
use crate::feedback::{RecordId, folder};
use crate::output::terminal::{counted, print};

/// Deletes records. If one of them is not there, nothing is deleted.
pub(super) fn run(args: &DeleteFeedbackArgs, folder: &Path) -> anyhow::Result<()> {
    // Damaged records too: they hold photos.
    let all = folder::ids(folder).with_context(|| format!("cannot read the feedback in {}", folder.display()))?;
    let ids = chosen(args, &all)?;
    for id in &ids {
        folder::delete(folder, id).with_context(|| format!("cannot delete {}", folder::path(folder, id).display()))?;
    }
    let (deleted, left) = (counted(ids.len() as u64, "record"), counted((all.len() - ids.len()) as u64, "record"));
    print(&[format!("{}: {deleted} deleted, {left} left", folder.display())])
}

fn chosen(args: &DeleteFeedbackArgs, all: &[RecordId]) -> anyhow::Result<Vec<RecordId>> {
    if args.all {
        return Ok(all.to_vec());
    }
    let by_id = args.ids.iter().map(|start| beginning_with(all, start));
    let by_code = args.codes.iter().map(|code| {
        let found = all.iter().find(|id| **id == code.id());
        found.cloned().context("no record has that code: it was deleted, or has expired")
    });
    let mut ids = by_id.chain(by_code).collect::<anyhow::Result<Vec<_>>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn beginning_with(all: &[RecordId], start: &str) -> anyhow::Result<RecordId> {
    let mut found = all.iter().filter(|id| id.as_str().starts_with(start));
    match (found.next(), found.next()) {
        (Some(id), None) => Ok(id.clone()),
        (Some(_), Some(_)) => bail!("the ids of several records begin with {start}; give more digits"),
        (None, _) => bail!("no record's id begins with {start}; `list --json` gives all ids"),
    }
}
