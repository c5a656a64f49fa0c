//! Answers a request whose handler panicked.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use prometheus::IntCounter;
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use crate::problem::{Problem, ProblemKind};

/// Answers with [`ProblemKind::Internal`], and counts the panic. The panic hook logs it.
#[derive(Clone, Debug)]
pub(crate) struct Panicked(IntCounter);

/// The layer, with the counter of panics.
pub(crate) fn layer(panics: IntCounter) -> CatchPanicLayer<Panicked> {
    CatchPanicLayer::custom(Panicked(panics))
}

impl ResponseForPanic for Panicked {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, _: Box<dyn Any + Send>) -> Response {
        self.0.inc();
        Problem::new(ProblemKind::Internal, "something went wrong in the relay; its log says what").into_response()
    }
}
