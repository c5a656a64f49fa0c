//! Feedback of growers, from the request to the training.

mod faults;
pub(crate) mod fixtures;
mod requests;
mod to_training;
