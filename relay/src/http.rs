//! What the relay answers over HTTP.

mod accept;
mod catalog;
mod device_model;
mod document;
mod json;
mod leftover;
mod log;
mod memory;
mod page;
mod parts;
mod predict;
mod query;
mod upload;
mod v2;
mod whole;

pub use predict::MAX_BODY_OF_SEVERAL;
pub use upload::MAX_BODY;

use std::sync::Arc;
use std::time::Duration;

use crate::current::Current;
use crate::device_model::DeviceModel;
use crate::pool::{Pool, PoolError};
use crate::problem::{Problem, ProblemKind};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use document::Document;
use memory::{Account, Memory};
use page::Page;

/// A request's time from its header to its answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// What every request shares.
#[derive(Debug)]
pub struct App {
    predictor: Current,
    pool: Pool,
    /// For bodies: a full-sized one of one photo for each place in the pool, and of several at least once.
    memory: Memory,
    catalog: Document,
    device_model: device_model::Doors,
    page: Page,
}

impl App {
    /// Answers with the predictor that is current, `workers` requests at once and `waiting` more in the queue, and gives
    /// phones `device_model`.
    #[must_use]
    pub fn new(predictor: Current, device_model: DeviceModel, workers: usize, waiting: usize) -> Self {
        let bodies = workers.saturating_add(waiting).saturating_mul(MAX_BODY);
        Self {
            predictor,
            pool: Pool::new(workers, waiting),
            memory: Memory::new(bodies.max(MAX_BODY_OF_SEVERAL)),
            catalog: catalog::document(),
            device_model: device_model::Doors::new(device_model),
            page: Page::new(),
        }
    }

    /// Runs a job of one place in the pool. What its body takes of the memory is free again when the job is done with
    /// it, though its sender may have left.
    async fn run<T: Send + 'static>(
        &self,
        account: Account,
        job: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let charged = move || {
            let _held = account;
            job()
        };
        match self.pool.run(charged).await {
            Ok(done) => done,
            Err(PoolError::Full) => Err(parts::overloaded()),
            Err(PoolError::Panicked) => {
                Err(Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo"))
            }
        }
    }
}

/// The service.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(page::home))
        .route("/upload_image", post(upload::upload).layer(DefaultBodyLimit::max(MAX_BODY)))
        .route("/v1/predict", post(predict::predict).layer(DefaultBodyLimit::max(MAX_BODY_OF_SEVERAL)))
        .route("/v1/catalog", get(catalog::catalog))
        .route("/v1/device-model", get(device_model::description))
        .route("/v1/device-model/manifest.json", get(device_model::manifest))
        .route("/v1/device-model/weights", get(device_model::weights))
        .route("/v1/device-model/gallery", get(device_model::gallery))
        .merge(v2::routes())
        .method_not_allowed_fallback(|| async {
            Problem::new(ProblemKind::MethodNotAllowed, "the Allow header lists the methods of this path")
        })
        .fallback(|| async {
            Problem::new(
                ProblemKind::UnknownPath,
                "nothing is here; photos are sent to POST /upload_image or POST /v1/predict",
            )
        })
        // The last layer is the outermost.
        .layer(from_fn(within_deadline))
        .layer(from_fn(leftover::discard))
        .layer(from_fn(v2::in_its_own_words))
        .layer(from_fn(log::one_line))
        .with_state(Arc::new(app))
}

async fn within_deadline(request: Request, next: Next) -> Response {
    tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer could be given within {} s; try again", REQUEST_TIMEOUT.as_secs());
        Problem::new(ProblemKind::TimedOut, detail).into_response()
    })
}
