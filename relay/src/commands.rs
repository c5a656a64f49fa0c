//! The subcommands apart from `serve`.

pub mod cert;
pub mod config;
pub mod feedback;
pub mod gallery;
pub mod predict;
pub mod probe;
