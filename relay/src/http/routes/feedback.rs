//! `/v1/feedback`: photos that growers send with the class that they know them to be, if the operator keeps them.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use mango_inference::{PhotoLimits, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use crate::feedback::{Day, DeletionCode, Facts, FactsError, Field, KeepError, Kept, MAX_TEXT, Store, kept_picture};
use crate::http::app::App;
use crate::http::body::{Bounds, Parts};
use crate::http::layers::client::Client;
use crate::http::message::json::Json;
use crate::http::message::origin;
use crate::http::schemas::{DeletionProblems, FeedbackOff, FeedbackProblems};
use crate::pool::RunningJob;
use crate::problem::{Problem, ProblemKind};

/// The name of the part with the photo.
const PICTURE: &str = "picture";

/// What the relay keeps of feedback.
#[derive(Serialize, ToSchema)]
pub(crate) struct Terms {
    /// Days after which a photo is deleted.
    days: u16,
}

/// The receipt for a photo.
#[derive(Serialize, ToSchema)]
struct Receipt {
    /// The code that deletes the photo: only its sender has it.
    code: String,
    /// Days after which the photo is deleted.
    days: u16,
}

/// The form that a phone sends.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read part by part")]
struct FeedbackForm {
    /// JPEG, PNG or WebP.
    #[schema(value_type = String, format = Binary)]
    picture: Vec<u8>,
    /// The class that the sender knows it to be, an id of the catalog or of the relay's model; or `unknown`.
    #[schema(pattern = "^[a-z0-9_]{1,64}$")]
    label: String,
    /// The class that the model ranked first.
    #[schema(pattern = "^[a-z0-9_]{1,64}$")]
    answer: String,
    /// The model's verdict.
    verdict: Verdict,
    /// The model's name and version.
    #[schema(min_length = 1, max_length = 64)]
    model: String,
}

/// Whether the relay keeps feedback, and for how long.
#[utoipa::path(get, path = "/v1/feedback", tag = "phones", responses(
    (status = 200, description = "it does", body = Terms),
    FeedbackOff,
))]
pub(crate) async fn terms(State(app): State<Arc<App>>) -> Result<Json<Terms>, Problem> {
    let store = open(&app)?;
    Ok(Json(Terms { days: store.days() }))
}

/// Keeps a photo, with the class that its sender knows it to be, for the training of the next model. The sender has
/// agreed to that. The sender's address is not kept, nor anything of the file but its pixels.
#[utoipa::path(post, path = "/v1/feedback", tag = "phones",
    request_body(content = FeedbackForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "kept", body = Receipt), FeedbackProblems),
)]
pub(crate) async fn send(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let store = Arc::clone(open(&app)?);
    check_origin(&app, request.headers(), request.uri())?;
    let share = match request.extensions().get::<Client>() {
        Some(client) => Some(store.share(client.share()).ok_or_else(used_up)?),
        None => None,
    };
    app.admit()?;
    let bounds = Bounds { body: app.limits.photo, photo: app.limits.photo };
    let mut parts = Parts::open(request, &app.memory, PICTURE, bounds).await?;
    let form = Form::read(&mut parts).await?;
    let predictor = app.predictor.get();
    let facts = Facts::read(|field| form.text(field), &predictor, Day::today()).map_err(|error| bad(&error))?;
    let picture = form.picture.ok_or_else(|| parts.no_picture())?;
    let account = parts.finish().await?;
    let limits = PhotoLimits { max_pixels: app.limits.pixels, ..PhotoLimits::default() };
    let days = store.days();
    let job = move |_: &mut RunningJob| -> Result<Kept, Problem> {
        let picture = kept_picture(&picture, limits)?;
        store.keep(facts, &picture).map_err(|error| not_kept(&error))
    };
    let kept = app.run(account, 1, app.deadline(), job).await?;
    if let Some(share) = share {
        share.spend();
    }
    Ok((StatusCode::CREATED, Json(Receipt { code: kept.announce(), days })).into_response())
}

/// Deletes a photo by the code that its sender got.
#[utoipa::path(delete, path = "/v1/feedback/{code}", tag = "phones",
    params(("code" = String, Path, description = "the deletion code")),
    responses((status = 204, description = "deleted"), DeletionProblems),
)]
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    code: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    check_origin(&app, &headers, &uri)?;
    let store = Arc::clone(app.feedback.as_ref().ok_or_else(off)?);
    // A path that is not UTF-8 is no code either.
    let Path(code) = code.map_err(|_| unknown())?;
    let code: DeletionCode = code.parse().map_err(|_| unknown())?;
    let deleted = app.read(app.deadline(), move || {
        store.delete(&code).map_err(|error| {
            tracing::error!(%error, "cannot delete feedback");
            Problem::new(ProblemKind::Internal, "the photo could not be deleted; try again later")
        })
    });
    if deleted.await? { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

/// The parts of a form. A part that comes twice is refused.
#[derive(Default)]
struct Form {
    picture: Option<Vec<u8>>,
    texts: [Option<String>; Field::ALL.len()],
}

impl Form {
    async fn read(parts: &mut Parts) -> Result<Self, Problem> {
        let names = [PICTURE].into_iter().chain(Field::ALL.map(Field::name));
        let names: Vec<&'static str> = names.collect();
        let mut form = Self::default();
        while let Some((name, bytes)) = parts.next_of(&names).await? {
            let before = match Field::ALL.iter().position(|field| field.name() == name) {
                None => form.picture.replace(bytes).is_some(),
                Some(_) if bytes.len() > MAX_TEXT => {
                    let detail = format!("`{name}` has more than {MAX_TEXT} bytes; send a shorter text");
                    return Err(Problem::new(ProblemKind::BadFeedback, detail));
                }
                Some(at) => form.texts[at].replace(String::from_utf8_lossy(&bytes).into_owned()).is_some(),
            };
            if before {
                let detail = format!("the form has two parts named `{name}`; send one photo with its fields");
                return Err(Problem::new(ProblemKind::BadFeedback, detail));
            }
        }
        Ok(form)
    }

    fn text(&self, field: Field) -> Option<&str> {
        let at = Field::ALL.iter().position(|other| *other == field)?;
        self.texts.get(at)?.as_deref()
    }
}

/// Refuses requests that a page of another server sent from a visitor's browser.
fn check_origin(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<(), Problem> {
    if origin::is_foreign(headers, uri, &app.allowed_origins) {
        let detail = "a page of another server sent this; its operator may allow that page with --allow-origin";
        return Err(Problem::new(ProblemKind::OtherOrigin, detail));
    }
    Ok(())
}

/// The store, if it takes photos.
fn open(app: &App) -> Result<&Arc<Store>, Problem> {
    app.feedback.as_ref().filter(|store| store.is_open()).ok_or_else(off)
}

fn off() -> Problem {
    Problem::new(ProblemKind::FeedbackOff, "this relay keeps no photos; its operator has not turned feedback on")
}

fn unknown() -> Problem {
    let detail = "no photo has this code: it was deleted, or has expired, or the code is misspelt";
    Problem::new(ProblemKind::UnknownCode, detail)
}

fn bad(error: &FactsError) -> Problem {
    Problem::new(ProblemKind::BadFeedback, error.to_string())
}

/// The problem of a client that has sent its share of the day.
fn used_up() -> Problem {
    let detail = "this address has sent as many photos as feedback as one may in a day; try again tomorrow (UTC)";
    Problem::new(ProblemKind::RateLimited, detail).retry_after(Day::left(SystemTime::now()).as_secs())
}

fn not_kept(error: &KeepError) -> Problem {
    match error {
        KeepError::Quota | KeepError::Disk(_) => {
            tracing::warn!(%error, "feedback was refused");
            let detail = "the relay has no room for more feedback; it can still delete photos, and answers as before";
            Problem::new(ProblemKind::FeedbackFull, detail)
        }
        KeepError::Randomness(_) | KeepError::Write(_) => {
            tracing::error!(%error, "feedback could not be stored");
            Problem::new(ProblemKind::Internal, "the photo could not be stored; try again later")
        }
    }
}
