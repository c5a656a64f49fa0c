//! The photo sets, which are not part of the repository.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::steps::root;

/// The folder of the tests on real photos, and whether it has photos.
#[derive(Debug)]
pub(crate) struct Photos {
    folder: PathBuf,
    there: bool,
}

impl Photos {
    /// Uses `MANGO_DATA`, by default `../shared/data`.
    ///
    /// # Errors
    /// `MANGO_DATA` names a folder without photo sets. This is an error, so that tests are not skipped by mistake.
    pub(crate) fn find() -> Result<Self> {
        let named = env::var_os("MANGO_DATA").map(PathBuf::from);
        let folder = named.clone().unwrap_or_else(|| root().join("../shared/data"));
        let there = folder.join("mangoleafbd.tsv").is_file();
        if named.is_some() && !there {
            bail!(
                "MANGO_DATA is {}, which has no mangoleafbd.tsv; set it to the photo sets' folder or unset it",
                folder.display()
            );
        }
        Ok(Self { folder, there })
    }

    /// A line for the end of a run. The tests cannot print it themselves, since test runners hide the output of passing
    /// tests.
    pub(crate) fn line(&self) -> String {
        let folder = self.folder.display();
        if self.there {
            format!("tests on real photos ran on {folder}")
        } else {
            format!("TESTS ON REAL PHOTOS DID NOT RUN: none in {folder}; set MANGO_DATA to their folder")
        }
    }
}
