//! The relay as its users meet it: the real program, real TLS sockets, a real HTTP client.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod cert_files;
mod common;
mod doctor;
mod embedded;
mod gallery;
mod hand_out;
mod openapi;
mod orchard;
mod page;
mod pkcs12;
mod pki;
mod predict;
mod rebuild;
mod refusals;
mod reload;
mod serve;
mod several;
mod taught;
mod upload;
mod v2;
