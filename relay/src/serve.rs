//! `mango-relay serve`.

mod connection;
mod connections;
mod metrics;
mod server;
mod signals;
mod start;
mod stop;
mod watch;

pub use start::{Faults, check};

use std::future::pending;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use mango_inference::{ModelId, Predictor};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::feedback;
use crate::http;
use crate::model::{Current, self_test};
use crate::monitoring::health::Health;
use crate::monitoring::logging;
use crate::monitoring::metrics::Metrics;
use crate::settings::Settings;
use connection::Tls;
use connections::Connections;
use metrics::MetricsServer;
use server::Server;
use signals::ShutdownSignal;
use start::Prepared;
use stop::{Listening, Serving, Stopping};

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
    let metrics = Metrics::new().context("cannot set up the metrics")?;
    let feedback = feedback.map(|store| Arc::new(store.reporting_to(&metrics)));
    metrics.model(&name);
    let current = Current::new(predictor);
    logging::log_panics();
    let photo = device_model.self_test.photo.clone();
    let (health, connections) = (Health::default(), Connections::default());
    let service = http::service(current.clone(), device_model, settings, &health, &metrics, feedback.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    if let Some(listener) = metrics_listener {
        let (metrics, certificate) = (metrics.clone(), certificate.current());
        let server = MetricsServer { metrics, health: health.clone(), connections: connections.clone(), certificate };
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
        let listener = TcpListener::from_std(listener).context("cannot serve the socket")?;
        let tls = Tls::new(config, settings.times.handshake, metrics);
        let server =
            Server::new(tls, protocols(), service, settings.limits.connections, settings.times, connections.clone());
        let (shutdown, shut) = oneshot::channel();
        let accepting = tokio::spawn(server.run(listener, async {
            // Without the sender the socket stays open.
            if shut.await.is_err() {
                pending::<()>().await;
            }
        }));
        let listener = Listening { shutdown: Some(shutdown), accepting };
        let serving = Serving { health: health.clone(), listener, connections };
        tokio::select! {
            fault = self_tested(first, photo, &health, || announce(address, &name)) => Err(fault),
            () = stopping.when(signal, serving) => Ok(()),
        }
    });
    // Results of compute threads that still run are not needed; they end with the process.
    runtime.shutdown_background();
    ended
}

/// HTTP/1.1 and HTTP/2 of the relay's clients.
fn protocols() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    // hyper's header timeout starts when the connection becomes idle; the connection's clock is more precise.
    http.http1().header_read_timeout(None).max_buf_size(MAX_HEADER);
    http.http2().timer(TokioTimer::new()).max_concurrent_streams(MAX_STREAMS);
    http
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

/// Prints the ready line, the only line on standard output. Scripts wait for it and read the address from it.
fn announce(address: SocketAddr, model: &ModelId) {
    let mut out = io::stdout();
    // Errors are ignored: standard output may be closed.
    let _ = writeln!(out, "mango-relay ready: https://{address} (model {} {})", model.name, model.version);
    let _ = out.flush();
}
