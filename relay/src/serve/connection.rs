//! One connection: its handshake, and the deadlines by which idle and stalled connections are closed.
//!
//! hyper's own timeouts run only inside a request. Before the first byte hyper does not know the version of HTTP, an
//! HTTP/2 connection without requests has no timeout, and neither has a response that the client does not read. So each
//! connection has a [`Clock`] that its stream and its service share.

mod clock;
mod handshake;
mod plain;
mod service;
mod shared;
mod stream;

pub(super) use clock::{Clock, Timeouts};
pub(super) use handshake::{Handshake, Plain, Tls};
pub(super) use service::Timed;
pub(super) use shared::Connection;
pub(super) use stream::Watched;
