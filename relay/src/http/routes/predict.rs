//! `POST /v1/predict`: photos of one plant, with a prediction for each and a pooled one for all.

use std::sync::Arc;

use axum::extract::{Request, State};
use mango_inference::{Observation, Photo, PhotoLimits, PredictError, Prediction, Predictor, timing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::app::App;
use crate::http::body::{Bounds, Parts};
use crate::http::message::json::Json;
use crate::http::message::query;
use crate::http::schemas::{Explain, UploadProblems};
use crate::output::terminal;
use crate::photo;
use crate::pool::{Abandoned, RunningJob};
use crate::problem::{Problem, ProblemKind};

/// The name of the parts with photos.
const PART: &str = "photo";

/// The response. `pooled` has no heat map, since it belongs to no single photo.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answers {
    /// The pooled prediction of all photos.
    pooled: Prediction,
    /// The prediction for each photo, in the order of the request.
    photos: Vec<Prediction>,
}

/// Photos of one plant.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read part by part")]
struct PhotosForm {
    /// JPEG, PNG or WebP.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 6)]
    photo: Vec<Vec<u8>>,
}

/// Classifies photos of one plant, each and all together.
#[utoipa::path(post, path = "/v1/predict", tag = "phones",
    params(("explain" = Option<Explain>, Query, nullable = false, description = "`1`: with heat maps")),
    request_body(content = PhotosForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "the predictions", body = Answers), UploadProblems),
)]
pub(crate) async fn predict(State(app): State<Arc<App>>, request: Request) -> Result<Json<Answers>, Problem> {
    let see = if query::explain(request.uri().query())? { Predictor::explain_photo } else { observe_and_classify };
    app.admit()?;
    let bounds = Bounds { body: app.limits.request_size, photo: app.limits.photo };
    let mut parts = Parts::open(request, &app.memory, PART, bounds).await?;
    let most = app.limits.photos;
    let mut photos = Vec::new();
    while let Some(photo) = parts.next().await? {
        if photos.len() == most {
            let detail = format!("one answer is made from at most {} of one plant; send fewer", terminal::photos(most));
            return Err(Problem::new(ProblemKind::TooManyPhotos, detail));
        }
        photos.push(photo);
    }
    if photos.is_empty() {
        return Err(parts.no_picture());
    }
    let account = parts.finish().await?;
    let number = photos.len();
    let predictor = app.predictor.get();
    let limits = app.limits.of_photo(&predictor);
    let job = move |running_job: &mut RunningJob| answers(&predictor, see, &photos, limits, running_job);
    let answers = app.run(account, number, app.deadline(), job).await?;
    app.tell(&answers.photos, &answers.pooled);
    Ok(Json(answers))
}

/// Embeds a photo and classifies it.
type See = fn(&Predictor, &Photo) -> Result<(Observation, Prediction), PredictError>;

fn observe_and_classify(predictor: &Predictor, photo: &Photo) -> Result<(Observation, Prediction), PredictError> {
    let observation = predictor.observe_photo(photo)?;
    let prediction = predictor.classify(&observation);
    Ok((observation, prediction))
}

/// Decodes one photo at a time, so that only one is in memory. An error with one photo fails the request, so that the
/// user can take that photo again.
fn answers(
    predictor: &Predictor,
    see: See,
    photos: &[Vec<u8>],
    limits: PhotoLimits,
    running_job: &mut RunningJob,
) -> Result<Answers, Problem> {
    let mut observations = Vec::with_capacity(photos.len());
    let mut predictions = Vec::with_capacity(photos.len());
    for (index, photo) in photos.iter().enumerate() {
        running_job.next_photo().map_err(|Abandoned| Problem::overloaded())?;
        let _timing = timing::record();
        let seen = photo::decode_within(photo, limits).and_then(|photo| Ok(see(predictor, &photo)?));
        let (observation, prediction) = seen.map_err(|problem| problem.of_photo(index))?;
        observations.push(observation);
        predictions.push(prediction);
    }
    let pooled = Observation::pool(&observations).map_err(PredictError::from)?;
    Ok(Answers { pooled: predictor.classify(&pooled), photos: predictions })
}
