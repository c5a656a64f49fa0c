//! End-to-end tests of the relay: the real program, real TLS sockets, a real HTTP client.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "test helpers may panic")]

mod certificates;
mod common;
mod config;
mod cors;
mod deploy;
mod embedded;
mod feedback;
mod forms;
mod galleries;
mod hand_out;
mod limits;
mod monitoring;
#[cfg(unix)]
mod nginx;
mod openapi;
mod page;
mod plain;
mod predict;
mod probe;
mod refusals;
mod reload;
mod serve;
mod several;
mod stop;
mod upload;
mod v2;
