//! Checkpoints, written atomically.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use burn::optim::OptimizerRecord;
use burn::store::ModuleRecord;
use mango_inference::{Precision, Weights};
use serde::{Deserialize, Serialize};

/// The complete state of a training run.
#[derive(Debug)]
pub(crate) struct State {
    /// Steps done.
    pub(crate) step: u64,
    /// The network.
    pub(crate) student: ModuleRecord,
    /// AdamW's moments.
    pub(crate) optimiser: OptimizerRecord,
    /// The running average.
    pub(crate) average: Weights,
}

/// The folder of a run's checkpoints.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    folder: PathBuf,
}

/// Names the files of the current checkpoint; replaced last, atomically.
#[derive(Serialize, Deserialize)]
struct Latest {
    step: u64,
}

impl Checkpoint {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The last complete checkpoint, if there is one.
    pub(crate) fn read(&self) -> Result<Option<State>> {
        let latest = self.folder.join("latest.json");
        let hint = || format!("cannot resume from {}; delete it to start again", self.folder.display());
        let json = match fs::read(&latest) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.with_context(hint)?,
        };
        let Latest { step } = serde_json::from_slice(&json).with_context(hint)?;
        let parts = self.parts(step);
        let average = fs::read(parts.join("average.bpk")).with_context(hint)?;
        Ok(Some(State {
            step,
            student: ModuleRecord::load(parts.join("student.bpk")).with_context(hint)?,
            optimiser: OptimizerRecord::load(parts.join("optimiser.bpk")).with_context(hint)?,
            average: Weights::parse(&average, Precision::F32).with_context(hint)?,
        }))
    }

    /// Writes a checkpoint and then removes the previous one.
    pub(crate) fn write(&self, state: State) -> Result<()> {
        let before: Option<Latest> =
            fs::read(self.folder.join("latest.json")).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let parts = self.parts(state.step);
        let hint = || format!("cannot write a checkpoint to {}", parts.display());
        fs::create_dir_all(&parts).with_context(hint)?;
        state.student.save(parts.join("student.bpk")).with_context(hint)?;
        state.optimiser.save(parts.join("optimiser.bpk")).with_context(hint)?;
        fs::write(parts.join("average.bpk"), state.average.encode(Precision::F32)?).with_context(hint)?;
        let unfinished = self.folder.join("latest.unfinished");
        fs::write(&unfinished, serde_json::to_vec(&Latest { step: state.step })?).with_context(hint)?;
        fs::rename(&unfinished, self.folder.join("latest.json")).with_context(hint)?;
        if let Some(before) = before.filter(|before| before.step != state.step) {
            fs::remove_dir_all(self.parts(before.step)).with_context(hint)?;
        }
        Ok(())
    }

    fn parts(&self, step: u64) -> PathBuf {
        self.folder.join(format!("step-{step}"))
    }
}
