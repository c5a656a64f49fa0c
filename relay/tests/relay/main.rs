//! The relay as its users meet it: the real program, real TLS sockets, a real HTTP client.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod cert_files;
mod cert_forms;
mod common;
mod config;
mod cors;
mod deploy;
mod doctor;
mod embedded;
mod forms;
mod gallery;
mod hand_out;
mod hostile;
mod hostile_uploads;
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
