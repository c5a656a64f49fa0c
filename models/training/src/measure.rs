//! Evaluation of a finished bundle: every figure of its model card, with the code that users run.
//!
//! A [`Model`] classifies photo sets; each measure compares the answers with the labels and gives figures with 95 %
//! intervals: [`sets`] (every available photo set), [`split`] (unseen leaves of the training source), [`orchard`]
//! (leaves of another orchard), [`domain`] (photos without mango leaves), [`robustness`] (corrupted photos),
//! [`background_swap`] (the same leaves on other backgrounds).

pub mod background;
pub mod background_swap;
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

pub use model::{Answer, Model};
pub(crate) use text::written;
