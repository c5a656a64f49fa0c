//! End-to-end tests of the relay: the real program, real TLS sockets, a real HTTP client.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "test helpers may panic")]

mod cert_files;
mod cert_forms;
mod common;
mod config;
mod cors;
mod deploy;
mod doctor;
mod embedded;
mod feedback;
mod feedback_faults;
mod feedback_loop;
mod forms;
mod gallery;
mod hand_out;
mod hostile;
mod hostile_uploads;
mod kept;
mod limits;
#[cfg(unix)]
mod nginx;
mod openapi;
mod orchard;
mod overload;
mod page;
mod pkcs12;
mod pki;
mod plain;
mod predict;
mod probe;
mod rebuild;
mod refusals;
mod reload;
mod serve;
mod several;
mod stop;
mod taught;
mod upload;
mod v2;
mod watched;
