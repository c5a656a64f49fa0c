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
use crate::feedback;
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

/// Largest header of an HTTP/1.1 request, bytes. Each connection may buffer this much.
const MAX_HEADER: usize = 64 << 10;
/// Concurrent requests on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;

/// Serves until a shutdown signal (SIGTERM or ctrl-c).
///
/// # Errors
/// Everything that prevents the start ([`Faults`]): the model, the one for phones, a gallery, the certificate, or an
/// address. Each error has a hint.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let Prepared {
        name,
        galleries,
        predictor,
        device_model,
        feedback,
        certificate,
        config,
        listener,
        metrics_listener,
    } = Prepared::of(settings)?;
    let metrics = Metrics::default();
    let feedback = feedback.map(|store| Arc::new(store.reporting_to(&metrics)));
    metrics.model(&name);
    let current = Current::new(predictor);
    logging::log_panics();
    let photo = device_model.self_test.photo.clone();
    let (health, handle) = (Health::default(), Handle::new());
    let app = App::new(current.clone(), device_model, settings, health.clone(), metrics.clone())?;
    let app = app.with_feedback(feedback.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    if let Some(listener) = metrics_listener {
        let connections = handle.clone();
        let (metrics, certificate) = (metrics.clone(), certificate.current());
        let server = metrics::MetricsServer { metrics, health: health.clone(), connections, certificate };
        runtime.spawn(server.serve(listener, settings.times));
    }
    let first = current.get();
    galleries.watch(current).context("cannot watch the galleries")?;
    feedback.map_or(Ok(()), feedback::watch).context("cannot watch the feedback")?;
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
            // The server's own graceful shutdown would wait for handshakes.
            () = stopping.when(signal, serving) => Ok(()),
        }
    });
    // Results of compute threads that still run are not needed; they end with the process.
    runtime.shutdown_background();
    ended
}

/// Makes the relay ready after the self-test. Returns only if the self-test fails.
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
    // hyper's header timeout starts when the connection becomes idle; the connection's clock is more precise.
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

/// Prints the ready line, the only line on standard output. Scripts wait for it and read the address from it.
fn announce(address: SocketAddr, model: &ModelId) {
    let mut out = io::stdout();
    // Errors are ignored: standard output may be closed.
    let _ = writeln!(out, "mango-relay ready: https://{address} (model {} {})", model.name, model.version);
    let _ = out.flush();
}
