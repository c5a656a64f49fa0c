//! What the relay answers over HTTP.

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

/// What every request shares.
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
    limits: Limits,
    times: Times,
    proxies: Proxies,
    rate: Option<Rate>,
    cors: Option<CorsLayer>,
    health: Health,
    metrics: Metrics,
}

impl App {
    /// Answers with the predictor that is current, and gives phones `device_model`.
    ///
    /// # Errors
    /// The system does not give a thread for each worker.
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
            limits: *limits,
            times: *times,
            proxies: Proxies::new(clients.trusted_proxies.clone()),
            rate: clients.rate_limit.map(Rate::new),
            cors: cors::layer(&clients.allowed_origins),
            health,
            metrics,
        })
    }

    /// Until when a request whose body is there is to be answered.
    fn deadline(&self) -> Instant {
        Instant::now() + self.times.inference
    }

    /// Makes something of a body, when fewer than the pool's workers do the like: it is work that would hold up the
    /// others of an async thread.
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
                Err(Problem::new(ProblemKind::Internal, "the request could not be read; it is logged there"))
            }
        }
    }

    fn late(&self) -> Problem {
        let detail = format!("no answer could be found within {:?}; try again", self.times.inference);
        Problem::new(ProblemKind::Overloaded, detail)
    }

    /// Runs a job on so many photos in the pool. What its body takes of the memory is free again when the job is done
    /// with it, though its sender may have left.
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

    /// Refuses a request for photos at once while the pool has no place for any, before its body is read.
    fn admit(&self) -> Result<(), Problem> {
        if self.pool.is_full() {
            self.metrics.refuse(Refusal::Full);
            return Err(parts::overloaded());
        }
        Ok(())
    }

    /// Counts photos that were answered, and lets the log know the answer to them together.
    fn tell(&self, photos: &[Prediction], answer: &Prediction) {
        photos.iter().for_each(|photo| self.metrics.photo(photo));
        log_context::answer(photos.len(), answer);
    }
}

/// Every path, with what `GET /openapi.json` says of it: a path that is not described cannot be added.
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
        .routes(routes!(openapi::openapi))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .merge(v2::endpoints())
}

/// The service.
pub fn router(app: App) -> Router {
    let limits = app.limits;
    guarded(Router::from(endpoints(limits)), app)
}

/// Routes, with everything around them that each request goes through.
fn guarded(routes: Router<Arc<App>>, app: App) -> Router {
    let app = Arc::new(app);
    let (panics, cors) = (app.metrics.panics.clone(), app.cors.clone());
    let caught = move |_: Box<dyn Any + Send>| {
        panics.inc();
        Problem::new(ProblemKind::Internal, "something went wrong in the relay; it is logged there").into_response()
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
        .layer(from_fn(v2::in_its_own_words))
        .layer(from_fn_with_state(Arc::clone(&app), health::send_elsewhere));
    // Around everything that answers, so that scripts may read refusals too.
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
