//! Runs commands in steps: what is done, which step of how many, and how long it takes.

mod checks;
mod command;
mod progress;
mod repeat;
mod times;
mod workspace;

pub(crate) use checks::{Checks, Failed};
pub(crate) use command::{compile, output, run};
pub(crate) use progress::{Progress, Usual};
pub(crate) use repeat::{command as repeat_command, quoted};
pub(crate) use workspace::{cargo, root, target_folder};
