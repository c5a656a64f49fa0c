//! The photo sets, which are not part of the repository.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::steps::root;

/// Where the tests on real photos look, and whether anything is there.
#[derive(Debug)]
pub(crate) struct Photos {
    folder: PathBuf,
    there: bool,
}

impl Photos {
    /// Looks in `MANGO_DATA`, by default `../shared/data`.
    ///
    /// # Errors
    /// `MANGO_DATA` names a folder without photo sets: better to stop than to skip what somebody meant to test.
    pub(crate) fn find() -> Result<Self> {
        let named = env::var_os("MANGO_DATA").map(PathBuf::from);
        let folder = named.clone().unwrap_or_else(|| root().join("../shared/data"));
        let there = folder.join("mangoleafbd.tsv").is_file();
        if named.is_some() && !there {
            bail!(
                "MANGO_DATA is {}, which holds no mangoleafbd.tsv; name the photo sets' folder or unset it",
                folder.display()
            );
        }
        Ok(Self { folder, there })
    }

    /// One line for the end of a run. Test runners hide what passing tests print, so the tests cannot say it.
    pub(crate) fn line(&self) -> String {
        let folder = self.folder.display();
        if self.there {
            format!("tests on real photos ran on {folder}")
        } else {
            format!("TESTS ON REAL PHOTOS DID NOT RUN: none in {folder}; name their folder by MANGO_DATA")
        }
    }
}
