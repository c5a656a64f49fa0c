//! The access log: one line for each request, under its id, and the request metrics.
//!
//! It contains no queries, bodies or file names, no path but the router's own patterns, and no full address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{self, ConnectInfo, MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use mango_inference::Verdict;
use tracing::{Instrument, Span, info_span};

use super::client::{Client, Proxies};
use super::health_check::is_asked;
use super::log_context::{LogContext, SharedLogContext};
use super::request_id::RequestId;
use crate::http::message::headers::REQUEST_ID;
use crate::monitoring::health::{Health, State};
use crate::monitoring::metrics::Metrics;
use crate::problem::ProblemKind;

/// The route of a path without one.
const NO_ROUTE: &str = "none";

/// The status of a request whose client left before its answer, as nginx logs it.
const CLIENT_LEFT: u16 = 499;

/// The message for a request that was cut by a shutdown.
const CUT: &str = "cut: the relay stopped";

/// The parts of the relay that the log needs.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) proxies: Proxies,
    pub(crate) metrics: Metrics,
    pub(crate) health: Health,
}

/// Logs and counts a request, and adds its id to the response.
pub(crate) async fn one_line(
    extract::State(log): extract::State<Arc<Log>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers());
    let span = info_span!("request", %id);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let client = peer.map(|ConnectInfo(peer)| log.proxies.client(peer.ip(), request.headers()));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    let line = Line::new(&log, &request, client, span.clone());
    let context = line.context.clone();
    let mut response = context.gather(next.run(request)).instrument(span).await;
    line.answered(&response);
    response.headers_mut().insert(REQUEST_ID, id.into_header());
    response
}

/// A log line. It is logged at the latest when it is dropped because the client left.
struct Line {
    metrics: Metrics,
    health: Health,
    span: Span,
    client: Option<Client>,
    method: &'static str,
    route: String,
    /// Whether the request is a health check, which comes every few seconds.
    probe: bool,
    context: SharedLogContext,
    began: Instant,
    logged: bool,
}

impl Line {
    fn new(log: &Log, request: &Request, client: Option<Client>, span: Span) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
        Self {
            metrics: log.metrics.clone(),
            health: log.health.clone(),
            span,
            client,
            method: method(request.method()),
            route,
            probe: is_asked(request),
            context: SharedLogContext::default(),
            began: Instant::now(),
            logged: false,
        }
    }

    fn answered(mut self, response: &Response) {
        let problem = response.extensions().get::<ProblemKind>();
        let message = match problem {
            None => "answered",
            Some(ProblemKind::Stopping) => CUT,
            Some(_) => "refused",
        };
        self.log(response.status().as_u16(), problem.map(|problem| problem.type_uri()), message);
    }

    fn log(&mut self, status: u16, problem: Option<&str>, message: &str) {
        self.logged = true;
        let took = self.began.elapsed();
        let LogContext { bytes, photos, class, verdict, queued, ran } = self.context.take();
        self.metrics.request(&self.route, status, took);
        self.metrics.upload_bytes.inc_by(bytes);
        let (client, route, method) = (self.client.map(tracing::field::display), self.route.as_str(), self.method);
        let (ms, queue_ms, compute_ms) = (milliseconds(took), queued.map(milliseconds), ran.map(milliseconds));
        let (class, verdict, photos) = (class.as_deref(), verdict.map(Verdict::as_str), (photos > 0).then_some(photos));
        let _entered = self.span.enter();
        if self.probe {
            tracing::debug!(client, method, route, status, ms, problem, "{message}");
        } else {
            tracing::info!(
                client,
                method,
                route,
                status,
                ms,
                queue_ms,
                compute_ms,
                bytes,
                photos,
                class,
                verdict,
                problem,
                "{message}"
            );
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.logged {
            let cut = self.health.state() == State::Cutting;
            self.log(CLIENT_LEFT, None, if cut { CUT } else { "the client left" });
        }
    }
}

/// Unknown methods count as one, since clients can invent any number.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
