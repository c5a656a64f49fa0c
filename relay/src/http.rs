//! What the relay answers over HTTP.

mod accept;
mod catalog;
mod device_model;
mod document;
mod feed;
mod leftover;
mod log;
mod memory;
mod pace;
mod parts;
mod predict;
mod query;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use crate::current::Current;
use crate::device_model::DeviceModel;
use crate::flow::Pace;
use crate::pool::{Pool, PoolError};
use crate::problem::{Problem, ProblemKind};
use crate::settings::{Limits, Settings, Times};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use document::Document;
use memory::{Account, Memory};

/// What every request shares.
#[derive(Debug)]
pub struct App {
    predictor: Current,
    pool: Pool,
    memory: Memory,
    catalog: Document,
    device_model: device_model::Doors,
    limits: Limits,
    times: Times,
}

impl App {
    /// Answers with the predictor that is current, and gives phones `device_model`.
    #[must_use]
    pub fn new(predictor: Current, device_model: DeviceModel, settings: &Settings) -> Self {
        let Settings { limits, times, .. } = *settings;
        Self {
            predictor,
            pool: Pool::new(limits.workers, limits.queue),
            memory: Memory::new(limits.upload_memory),
            catalog: catalog::document(),
            device_model: device_model::Doors::new(device_model),
            limits,
            times,
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
    let App { limits, times, .. } = app;
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/upload_image", post(upload::upload).layer(DefaultBodyLimit::max(limits.photo)))
        .route("/v1/predict", post(predict::predict).layer(DefaultBodyLimit::max(limits.body_of_several)))
        .route("/v1/catalog", get(catalog::catalog))
        .route("/v1/device-model", get(device_model::description))
        .route("/v1/device-model/manifest.json", get(device_model::manifest))
        .route("/v1/device-model/weights", get(device_model::weights))
        .route("/v1/device-model/gallery", get(device_model::gallery))
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
        .layer(from_fn_with_state(times.request, within_deadline))
        .layer(from_fn_with_state(Pace::from(times), pace::keep))
        .layer(from_fn_with_state(times.request, leftover::discard))
        .layer(from_fn(log::one_line))
        .with_state(Arc::new(app))
}

async fn within_deadline(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer could be given within {limit:?}; try again");
        Problem::new(ProblemKind::TimedOut, detail).into_response()
    })
}
