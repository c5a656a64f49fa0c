//! The service of a connection. It reports requests and responses to the clock.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::time::Instant;
use tower_service::Service;

use super::shared::Connection;

/// A service that reports requests and responses to the connection's clock.
#[derive(Clone, Debug)]
pub(in crate::serve) struct Timed<S> {
    service: S,
    connection: Arc<Connection>,
}

impl<S> Timed<S> {
    pub(super) fn new(service: S, connection: Arc<Connection>) -> Self {
        Self { service, connection }
    }
}

impl<S, B> Service<Request<B>> for Timed<S>
where
    S: Service<Request<B>, Response = Response>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let open = Open::new(Arc::clone(&self.connection));
        let answer = self.service.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            let on_its_way = Answer::new(Arc::clone(&open.0));
            Ok(answer.map(|body| Body::new(Taken { body, _until: on_its_way })))
        })
    }
}

/// A request without a response yet.
struct Open(Arc<Connection>);

impl Open {
    fn new(connection: Arc<Connection>) -> Self {
        connection.clock().request_begins();
        Self(connection)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.clock().request_ends(Instant::now());
    }
}

/// A response being sent.
struct Answer(Arc<Connection>);

impl Answer {
    fn new(connection: Arc<Connection>) -> Self {
        connection.clock().answer_begins(Instant::now());
        Self(connection)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.clock().answer_ends(Instant::now());
    }
}

/// The body of a response. It is dropped when its last byte is in the send buffer.
struct Taken {
    body: Body,
    _until: Answer,
}

impl http_body::Body for Taken {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
