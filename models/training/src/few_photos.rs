//! Galleries of few-shot classes: making them, and measuring them on held-out photos.

mod fit;
mod local;
mod named;
mod observed;
mod pests;
mod ship;
mod wrong;

pub use local::{LocalPoint, LocalReport};
pub use named::Named;
pub use pests::PestReport;
pub use wrong::WrongReport;

pub(crate) use ship::ship;

pub(crate) use local::evaluate as evaluate_local;
pub(crate) use pests::evaluate as evaluate_pests;
