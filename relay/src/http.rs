//! The HTTP service.

mod accept;
mod buffered_body;
mod catalog;
mod client;
mod cors;
mod device_model;
mod disposition;
mod document;
mod drain;
mod encoding;
mod feedback;
mod health;
mod json;
mod log;
mod log_context;
mod memory;
mod minimum_rate;
mod openapi;
mod page;
mod parse_pool;
mod parts;
mod predict;
mod query;
mod rate;
mod request_id;
mod upload;
mod v2;
mod whole;

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::computing::ThreadsError;
use crate::current::Current;
use crate::device_model::DeviceModel;
use crate::feedback::Store;
use crate::health::Health;
use crate::meter::MinimumRate;
use crate::metrics::{Abandonment, Metrics, Refusal};
use crate::pool::{Done, Pool, PoolError, RunningJob};
use crate::problem::{Problem, ProblemKind};
use crate::settings::{Limits, Settings, Times};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use client::Proxies;
use document::Document;
use mango_inference::Prediction;
use memory::{Account, Memory};
use page::Page;
use parse_pool::{Fault, ParsePool};
use rate::Rate;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// State that all requests share.
#[derive(Debug)]
pub struct App {
    predictor: Current,
    pool: Pool,
    parse_pool: ParsePool,
    memory: Memory,
    catalog: Document,
    device_model: device_model::Documents,
    openapi: Document,
    page: Page,
    feedback: Option<Arc<Store>>,
    limits: Limits,
    times: Times,
    proxies: Proxies,
    rate: Option<Rate>,
    cors: Option<CorsLayer>,
    health: Health,
    metrics: Metrics,
}

impl App {
    /// An app that predicts with `predictor` and offers `device_model` to phones.
    ///
    /// # Errors
    /// The system cannot start a thread for each worker.
    pub fn new(
        predictor: Current,
        device_model: DeviceModel,
        settings: &Settings,
        health: Health,
        metrics: Metrics,
    ) -> Result<Self, ThreadsError> {
        let Settings { limits, times, clients, .. } = settings;
        let openapi = openapi::document(endpoints(*limits).into_openapi(), &predictor.get().manifest().model);
        Ok(Self {
            predictor,
            pool: Pool::new(limits.workers, limits.queue, metrics.clone())?,
            parse_pool: ParsePool::new(limits.workers, metrics.clone())?,
            memory: Memory::new(limits.upload_memory, metrics.clone()),
            catalog: catalog::document(),
            device_model: device_model::Documents::new(device_model),
            openapi,
            page: Page::new(*limits),
            feedback: None,
            limits: *limits,
            times: *times,
            proxies: Proxies::new(clients.trusted_proxies.clone()),
            rate: clients.rate_limit.map(Rate::new),
            cors: cors::layer(&clients.allowed_origins),
            health,
            metrics,
        })
    }

    /// Keeps feedback in this store.
    #[must_use]
    pub fn with_feedback(self, feedback: Option<Arc<Store>>) -> Self {
        Self { feedback, ..self }
    }

    /// The deadline of a request whose body has just arrived.
    fn deadline(&self) -> Instant {
        Instant::now() + self.times.inference
    }

    /// Parses a body off the async threads, at most `workers` bodies at once.
    async fn read<T: Send + 'static>(
        &self,
        deadline: Instant,
        job: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        match self.parse_pool.run(deadline, job).await {
            Ok(read) => read,
            Err(Fault::Late) => {
                self.metrics.abandon(Abandonment::Deadline);
                Err(self.late())
            }
            Err(Fault::Panicked) => {
                Err(Problem::new(ProblemKind::Internal, "the request could not be read; the relay's log says why"))
            }
        }
    }

    fn late(&self) -> Problem {
        let detail = format!("no answer could be found within {:?}; try again", self.times.inference);
        Problem::new(ProblemKind::Overloaded, detail)
    }

    /// Runs a job on that many photos in the pool. The memory charged to `account` is released when the job ends, even
    /// if the client has left.
    async fn run<T: Send + 'static>(
        &self,
        account: Account,
        photos: usize,
        deadline: Instant,
        job: impl FnOnce(&mut RunningJob) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let charged = move |running_job: &mut RunningJob| {
            let _held = account;
            job(running_job)
        };
        let Done { output, queued, ran } = match self.pool.run(photos, deadline, charged).await {
            Ok(done) => done,
            Err(PoolError::Full) => return Err(parts::overloaded()),
            Err(PoolError::Late) => return Err(self.late()),
            Err(PoolError::Panicked) => {
                return Err(Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo"));
            }
        };
        log_context::times(queued, ran);
        output
    }

    /// Refuses a request for photos before its body is read if the pool has no free slot.
    fn admit(&self) -> Result<(), Problem> {
        if self.pool.is_full() {
            self.metrics.refuse(Refusal::Full);
            return Err(parts::overloaded());
        }
        Ok(())
    }

    /// Counts answered photos, and records the prediction for the log.
    fn tell(&self, photos: &[Prediction], answer: &Prediction) {
        photos.iter().for_each(|photo| self.metrics.photo(photo));
        log_context::answer(photos.len(), answer);
    }
}

/// All endpoints with their descriptions for `GET /openapi.json`. An endpoint without a description cannot be added.
fn endpoints(limits: Limits) -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(page::home))
        .routes(routes!(upload::upload).layer(DefaultBodyLimit::max(limits.photo)))
        .routes(routes!(predict::predict).layer(DefaultBodyLimit::max(limits.body_of_several)))
        .routes(routes!(catalog::catalog))
        .routes(routes!(device_model::description))
        .routes(routes!(device_model::manifest))
        .routes(routes!(device_model::weights))
        .routes(routes!(device_model::gallery))
        .routes(routes!(feedback::terms, feedback::send).layer(DefaultBodyLimit::max(limits.photo)))
        .routes(routes!(feedback::delete))
        .routes(routes!(openapi::openapi))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .merge(v2::endpoints())
}

/// The whole service.
pub fn router(app: App) -> Router {
    let limits = app.limits;
    guarded(Router::from(endpoints(limits)), app)
}

/// Wraps routes in the layers that every request passes.
fn guarded(routes: Router<Arc<App>>, app: App) -> Router {
    let app = Arc::new(app);
    let (panics, cors) = (app.metrics.panics.clone(), app.cors.clone());
    let caught = move |_: Box<dyn Any + Send>| {
        panics.inc();
        Problem::new(ProblemKind::Internal, "something went wrong in the relay; its log says what").into_response()
    };
    let routes = routes
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
        .layer(from_fn_with_state(app.times.request, within_deadline))
        .layer(from_fn_with_state(Arc::clone(&app), rate::limit))
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn_with_state(MinimumRate::from(app.times), minimum_rate::enforce))
        .layer(from_fn_with_state(Arc::clone(&app), drain::discard))
        .layer(from_fn(v2::in_protocol_format))
        .layer(from_fn_with_state(Arc::clone(&app), health::send_elsewhere));
    // CORS headers are on error responses too, so that scripts can read them.
    let routes = match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(from_fn_with_state(Arc::clone(&app), log::one_line)).with_state(app)
}

async fn within_deadline(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer could be given within {limit:?}; try again");
        Problem::new(ProblemKind::TimedOut, detail).into_response()
    })
}

#[cfg(test)]
mod tests;
