//! Starts relays, and nginx before them, for the relay's tests and for xtask's checks and benchmarks.
//!
//! Only for development: the relay does not depend on it.

mod form;
mod home;
mod nginx;
mod process;
mod relay;

pub use form::Form;
pub use home::{Home, development_certificate};
pub use nginx::{Nginx, NginxConfig, nginx_program};
pub use process::{Memory, Running, end_of, is_root};
pub use relay::{Log, Relay, serve};
