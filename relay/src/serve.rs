//! `mango-relay serve`.

mod certificate;
mod check;
mod connection;
mod reload;
mod stamp;

pub use check::check;

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::Context;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use mango_inference::ModelId;
use rustls::ServerConfig;

use crate::current::Current;
use crate::device_model::DeviceModel;
use crate::http::{self, App};
use crate::model::Model;
use crate::settings::{Settings, Times};
use crate::tls;
use certificate::Certificate;
use connection::ConnectionAcceptor;
use reload::Galleries;

/// Bytes of an HTTP/1.1 request's header, which each connection may hold.
const MAX_HEADER: usize = 64 << 10;
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;

/// Serves until the program is told to stop (SIGTERM or ctrl-c).
///
/// # Errors
/// What keeps it from starting: the model, the one for phones, a gallery, the certificate, or the address. Each says what to do.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    let model = Model::load(&settings.model).context("cannot load the model")?;
    let name = model.bare().manifest().model.clone();
    let (galleries, predictor) = Galleries::load(model, &settings.galleries)?;
    let device_model = device_model(settings)?;
    let current = Current::new(predictor);
    let certificate = Certificate::load(&settings.certificate)?;
    let config = tls::config(settings.tls, certificate.current()).context("cannot set up TLS")?;
    let listener = listen(settings.listen)?;
    let app = App::new(current.clone(), device_model, settings);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    galleries.watch(current).context("cannot watch the galleries")?;
    certificate.watch().context("cannot watch the certificate")?;
    runtime.block_on(serve(listener, config, app, settings, &name))
}

fn device_model(settings: &Settings) -> anyhow::Result<DeviceModel> {
    DeviceModel::load(settings.device_model.as_deref()).with_context(|| match &settings.device_model {
        Some(folder) => format!("cannot use the model for phones in {}", folder.display()),
        None => "cannot use the model for phones that this program carries".to_owned(),
    })
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}; if another program does, stop it or choose another port with --listen")
    })?;
    listener.set_nonblocking(true).context("cannot listen without blocking")?;
    Ok(listener)
}

async fn serve(
    listener: TcpListener,
    config: ServerConfig,
    app: App,
    settings: &Settings,
    model: &ModelId,
) -> anyhow::Result<()> {
    let Times { handshake, stop: stop_timeout, .. } = settings.times;
    let address = listener.local_addr().context("the socket has no address")?;
    let handle = Handle::new();
    let stop = stop_signal().context("cannot wait for signals")?;
    tokio::spawn({
        let handle = handle.clone();
        async move {
            stop.await;
            tracing::info!("stopping: no new connections, open requests get {stop_timeout:?}");
            handle.graceful_shutdown(Some(stop_timeout));
        }
    });

    let tls = RustlsAcceptor::new(RustlsConfig::from_config(Arc::new(config)))
        .handshake_timeout(handshake)
        .acceptor(NoDelayAcceptor::new());
    let mut server = axum_server::from_tcp(listener)
        .context("cannot serve the socket")?
        .acceptor(ConnectionAcceptor::new(tls, settings))
        .handle(handle);
    // Its own timeout of a header begins when the connection becomes idle; the connection's clock has a better one.
    server.http_builder().http1().header_read_timeout(None).max_buf_size(MAX_HEADER);
    server.http_builder().http2().timer(TokioTimer::new()).max_concurrent_streams(MAX_STREAMS);

    announce(address, model);
    server.serve(http::router(app).into_make_service()).await.context("the server failed")
}

/// The ready line, the only one on standard output: scripts wait for it and read the address from it.
fn announce(address: SocketAddr, model: &ModelId) {
    let mut out = io::stdout();
    // Nobody has to listen to it.
    let _ = writeln!(out, "mango-relay ready: https://{address} (model {} {})", model.name, model.version);
    let _ = out.flush();
}

/// A future that ends when the program is told to stop. The signals are caught from now on.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
