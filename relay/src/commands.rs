//! The subcommands apart from `serve`.

pub mod cert;
pub mod config;
pub mod gallery;
pub mod predict;
pub mod probe;
