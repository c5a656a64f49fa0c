//! What the relay answers over HTTP.

mod accept;
mod catalog;
mod device_model;
mod document;
mod json;
mod leftover;
mod log;
mod memory;
mod openapi;
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
use document::Document;
use memory::{Account, Memory};
use page::Page;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

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
    openapi: Document,
    page: Page,
}

impl App {
    /// Answers with the predictor that is current, `workers` requests at once and `waiting` more in the queue, and gives
    /// phones `device_model`.
    #[must_use]
    pub fn new(predictor: Current, device_model: DeviceModel, workers: usize, waiting: usize) -> Self {
        let openapi = openapi::document(doors().into_openapi(), &predictor.get().manifest().model);
        let bodies = workers.saturating_add(waiting).saturating_mul(MAX_BODY);
        Self {
            predictor,
            pool: Pool::new(workers, waiting),
            memory: Memory::new(bodies.max(MAX_BODY_OF_SEVERAL)),
            catalog: catalog::document(),
            device_model: device_model::Doors::new(device_model),
            openapi,
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

/// Every path, with what `GET /openapi.json` says of it: a path that is not described cannot be added.
fn doors() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(page::home))
        .routes(routes!(upload::upload).layer(DefaultBodyLimit::max(MAX_BODY)))
        .routes(routes!(predict::predict).layer(DefaultBodyLimit::max(MAX_BODY_OF_SEVERAL)))
        .routes(routes!(catalog::catalog))
        .routes(routes!(device_model::description))
        .routes(routes!(device_model::manifest))
        .routes(routes!(device_model::weights))
        .routes(routes!(device_model::gallery))
        .routes(routes!(openapi::openapi))
        .merge(v2::doors())
}

/// The service.
pub fn router(app: App) -> Router {
    Router::from(doors())
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
