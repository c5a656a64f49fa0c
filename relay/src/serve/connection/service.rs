//! The service of a connection. It reports requests and responses to the clock.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::Service;
use tokio::time::Instant;
use tower_service::Service as _;

use super::shared::Connection;

/// A service that reports requests and responses to the connection's clock, and tells the routes the client's address.
#[derive(Clone, Debug)]
pub(in crate::serve) struct Timed {
    routes: Router,
    connection: Arc<Connection>,
    peer: SocketAddr,
}

impl Timed {
    pub(in crate::serve) fn new(routes: Router, connection: Arc<Connection>, peer: SocketAddr) -> Self {
        Self { routes, connection, peer }
    }
}

impl Service<Request<Incoming>> for Timed {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let open = Open::new(Arc::clone(&self.connection));
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let answer = self.routes.clone().call(request);
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
