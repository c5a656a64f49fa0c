//! Limits, overload and hostile clients.

mod hostile;
mod hostile_uploads;
pub(crate) mod overload;
mod requests;
