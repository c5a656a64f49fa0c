//! How good a finished bundle is: every figure of its model card, through the code that users run.
//!
//! A [`Model`] answers photo sets; each measure holds the answers against the truth and gives figures with 95 %
//! intervals: [`sets`] (every photo set that is at hand), [`split`] (leaves like those trained on), [`orchard`] (leaves of
//! another orchard), [`domain`] (what is no mango leaf), [`robustness`] (photos gone wrong), [`background_swap`] (the same
//! leaves elsewhere).

pub mod background;
pub mod background_swap;
mod command;
pub mod corruption;
pub mod domain;
pub mod interval;
pub mod metrics;
mod model;
pub mod orchard;
pub mod robustness;
mod sample;
pub mod sets;
pub mod split;
mod text;

pub(crate) use command::MeasureCommand;
pub use model::{Answer, Model};
pub(crate) use text::written;
