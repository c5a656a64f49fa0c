//! The metrics endpoint, over plain HTTP at a separate address: metrics are not for clients.

use std::future::pending;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use hyper_util::rt::TokioExecutor;
use hyper_util::server::conn::auto::Builder;
use mango_certificates::CurrentIdentity;

use super::connection::Plain;
use super::connections::Connections;
use super::server::Server;
use crate::monitoring::health::{self, Health};
use crate::monitoring::metrics::Metrics;
use crate::settings::Times;

/// The media type of Prometheus's text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Connections at once: clients of this address cannot take the file descriptors that uploads need.
const CONNECTIONS: usize = 64;

/// The metrics, and the state that is read for each response.
#[derive(Debug)]
pub(super) struct MetricsServer {
    pub(super) metrics: Metrics,
    pub(super) health: Health,
    pub(super) connections: Connections,
    pub(super) certificate: CurrentIdentity,
}

impl MetricsServer {
    /// Serves `GET /metrics` for the lifetime of the program, with the same timeouts as other connections.
    pub(super) async fn serve(self, listener: TcpListener, times: Times) {
        let router = Router::new().route("/metrics", get(answer)).with_state(Arc::new(self));
        let mut http = Builder::new(TokioExecutor::new()).http1_only();
        http.http1().header_read_timeout(None);
        let server = Server::new(Plain, http, router, CONNECTIONS, times, Connections::default());
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => server.run(listener, pending()).await,
            Err(error) => tracing::error!(%error, "the metrics endpoint failed"),
        }
    }

    fn text(&self) -> String {
        let Self { metrics, health, connections, certificate } = self;
        metrics.connections.set(i64::try_from(connections.number()).unwrap_or(i64::MAX));
        metrics.ready.set((health.state() == health::State::Ready).into());
        if let Some(end) = certificate.not_after() {
            metrics.certificate_expiry.set(end.unix_timestamp());
        }
        metrics.text()
    }
}

async fn answer(State(server): State<Arc<MetricsServer>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, TEXT_FORMAT)], server.text())
}
