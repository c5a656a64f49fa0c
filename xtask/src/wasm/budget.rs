//! Size budgets of the files of the mini-program's package, from `wasm/budgets.json`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::steps::root;

/// The most bytes of each file after compression with brotli, by its path in the package.
pub(super) struct Budgets(BTreeMap<String, u64>);

impl Budgets {
    pub(super) fn read() -> Result<Self> {
        let text = fs::read_to_string(root().join("wasm/budgets.json")).context("cannot read wasm/budgets.json")?;
        let budgets: BTreeMap<String, u64> = serde_json::from_str(&text).context("wasm/budgets.json")?;
        ensure!(!budgets.is_empty(), "wasm/budgets.json has no budgets");
        Ok(Self(budgets))
    }

    pub(super) fn of(&self, name: &str) -> Option<u64> {
        self.0.get(name).copied()
    }
}
