//! `mango-relay serve`.

mod certificate;
mod check;
mod connection;
mod faults;
mod file_fingerprint;
mod listen;
mod listener;
mod metrics;
mod plain;
mod prepare;
mod reload;
mod stop;

pub use check::check;
pub use faults::Faults;

use std::future::pending;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;
use mango_inference::{ModelId, Predictor};

use crate::current::Current;
use crate::health::Health;
use crate::http::{self, App};
use crate::logging;
use crate::metrics::Metrics;
use crate::self_test;
use crate::settings::Settings;
use crate::terminal::counted;
use connection::ConnectionAcceptor;
use listener::{Listener, Peer};
use plain::PlainAcceptor;
use prepare::Prepared;
use stop::{Serving, ShutdownSignal, Stopping};

/// Bytes of an HTTP/1.1 request's header, which each connection may hold.
const MAX_HEADER: usize = 64 << 10;
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;

/// Serves until the program is told to stop (SIGTERM or ctrl-c).
///
/// # Errors
/// Everything that keeps it from starting ([`Faults`]): the model, the one for phones, a gallery, the certificate, or an
/// address. Each says what to do.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let Prepared { name, galleries, predictor, device_model, certificate, config, listener, metrics_listener } =
        Prepared::of(settings)?;
    let metrics = Metrics::default();
    metrics.model(&name);
    let current = Current::new(predictor);
    logging::log_panics();
    let photo = device_model.self_test.photo.clone();
    let (health, handle) = (Health::default(), Handle::new());
    let app = App::new(current.clone(), device_model, settings, health.clone(), metrics.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    if let Some(listener) = metrics_listener {
        let connections = handle.clone();
        let (metrics, certificate) = (metrics.clone(), certificate.current());
        let server = metrics::MetricsServer { metrics, health: health.clone(), connections, certificate };
        runtime.spawn(server.serve(listener, settings.times));
    }
    let first = current.get();
    galleries.watch(current).context("cannot watch the galleries")?;
    certificate.watch().context("cannot watch the certificate")?;
    let address = listener.local_addr().context("the socket has no address")?;
    let stopping = Stopping { delay: settings.times.drain_delay, limit: settings.times.stop };
    let ended = runtime.block_on(async {
        let signal = ShutdownSignal::new().context("cannot wait for signals")?;
        let (listener, shutdown) = Listener::new(listener).context("cannot serve the socket")?;
        let tls = RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(config)))
            .handshake_timeout(settings.times.handshake)
            .acceptor(NoDelayAcceptor::new());
        let https = PlainAcceptor::new(tls, settings.times.handshake, metrics);
        let acceptor = ConnectionAcceptor::new(https, settings.limits.connections, settings.times);
        let active = acceptor.active();
        let serving = Serving { health: health.clone(), handle: handle.clone(), listener: shutdown, active };
        tokio::select! {
            served = serve(listener, acceptor, app, handle) => served,
            fault = self_tested(first, photo, &health, || announce(address, &name)) => Err(fault),
            // The server itself would wait for handshakes.
            () = stopping.when(signal, serving) => Ok(()),
        }
    });
    // Threads that still compute have nobody to answer, and end with the process.
    runtime.shutdown_background();
    ended
}

/// Makes the relay ready once the model has passed its self-test, and does not end unless it fails.
async fn self_tested(
    predictor: Arc<Predictor>,
    photo: Vec<u8>,
    health: &Health,
    announce: impl FnOnce(),
) -> anyhow::Error {
    match tokio::task::spawn_blocking(move || self_test::run(&predictor, &photo)).await {
        Ok(Ok(())) => {
            health.pass();
            announce();
            pending().await
        }
        Ok(Err(fault)) => anyhow::Error::new(fault).context("the model does not pass its self-test"),
        Err(_) => anyhow::anyhow!("the model panics at its self-test; the log says where"),
    }
}

async fn serve(
    listener: Listener,
    acceptor: ConnectionAcceptor<PlainAcceptor<RustlsAcceptor<NoDelayAcceptor>>>,
    app: App,
    handle: Handle<Peer>,
) -> anyhow::Result<()> {
    let mut server = Server::from_listener(listener).acceptor(acceptor).handle(handle.clone());
    // Its own timeout of a header begins when the connection becomes idle; the connection's clock has a better one.
    server.http_builder().http1().header_read_timeout(None).max_buf_size(MAX_HEADER);
    server.http_builder().http2().timer(TokioTimer::new()).max_concurrent_streams(MAX_STREAMS);

    let service = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
    server.serve(service).await.context("the server failed")?;
    match handle.connection_count() {
        0 => tracing::info!("stopped"),
        open => tracing::warn!("stopped; {} cut", counted(open, "connection")),
    }
    Ok(())
}

/// The ready line, the only one on standard output: scripts wait for it and read the address from it.
fn announce(address: SocketAddr, model: &ModelId) {
    let mut out = io::stdout();
    // Nobody has to listen to it.
    let _ = writeln!(out, "mango-relay ready: https://{address} (model {} {})", model.name, model.version);
    let _ = out.flush();
}
