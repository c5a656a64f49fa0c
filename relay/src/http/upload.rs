//! `POST /upload_image`: a photo in, a prediction out.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mango_inference::Prediction;
use tokio::time::timeout;

use super::App;
use super::accept::Form;
use super::query;
use crate::model;
use crate::pool::PoolError;
use crate::problem::{Problem, ProblemKind};

/// Bytes of a request's body, multipart framing included.
pub const MAX_BODY: usize = 8 << 20;

/// The part that holds the photo.
const PART: &str = "picture";

/// Time without a byte after which an upload is given up.
const STALL_TIMEOUT: Duration = Duration::from_secs(15);

pub(super) async fn upload(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let form = Form::wanted(request.headers());
    // Text has no place for a heat map.
    let diagnose =
        if query::explain(request.uri().query())? && form == Form::Json { model::explain } else { model::diagnose };
    if declared_length(request.headers()).is_some_and(|length| length > MAX_BODY as u64) {
        return Err(body_too_large());
    }
    let (parts, body) = request.into_parts();
    let (body, account) = app.memory.charge(body);
    let multipart = Multipart::from_request(Request::from_parts(parts, body), &()).await.map_err(|_| {
        Problem::new(ProblemKind::NotMultipart, format!("send multipart/form-data with the photo in part `{PART}`"))
    })?;
    let picture =
        receive(multipart).await.map_err(|problem| if account.exhausted() { overloaded() } else { problem })?;
    let predictor = app.predictor.get();
    let job = move || {
        // Moved whole: a sender who leaves frees the memory only when the job is done with it.
        let picture = picture;
        diagnose(&predictor, &model::decode(&picture)?)
    };
    match app.pool.run(job).await {
        Ok(prediction) => Ok(answer(&prediction?, form)),
        Err(PoolError::Full) => Err(overloaded()),
        Err(PoolError::Panicked) => {
            Err(Problem::new(ProblemKind::PredictionFailed, "the model could not answer this photo"))
        }
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The bytes of the first part called `picture`, once the whole body was found to be sound.
async fn receive(mut multipart: Multipart) -> Result<Vec<u8>, Problem> {
    let mut picture = None;
    while let Some(part) = arriving(multipart.next_field()).await? {
        if picture.is_none() && part.name() == Some(PART) {
            picture = Some(collect(part).await?);
        }
    }
    picture.ok_or_else(|| {
        Problem::new(ProblemKind::NoPicture, format!("send the photo as a multipart part named `{PART}`"))
    })
}

async fn collect(mut part: Field<'_>) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = arriving(part.chunk()).await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Waits for more of an upload, not for ever.
async fn arriving<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    let Ok(arrived) = timeout(STALL_TIMEOUT, next).await else {
        let detail = format!("nothing arrived for {} s; send the photo again", STALL_TIMEOUT.as_secs());
        return Err(Problem::new(ProblemKind::TimedOut, detail));
    };
    arrived.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            body_too_large()
        } else {
            let detail = "the multipart body ends early or breaks its own form; send the photo again";
            Problem::new(ProblemKind::BadMultipart, detail)
        }
    })
}

fn body_too_large() -> Problem {
    let detail = format!("at most {} MiB are taken; send a smaller copy of the photo", MAX_BODY >> 20);
    Problem::new(ProblemKind::BodyTooLarge, detail)
}

fn overloaded() -> Problem {
    let detail = format!("try again in {} s", Problem::RETRY_AFTER_SECONDS);
    Problem::new(ProblemKind::Overloaded, detail)
}

fn answer(prediction: &Prediction, form: Form) -> Response {
    let (kind, body) = match form {
        Form::Json => ("application/json", prediction.to_json().into_bytes()),
        Form::Text => ("text/plain; charset=utf-8", best_class(prediction).into_bytes()),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::VARY, HeaderValue::from_static("Accept")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, body).into_response()
}

fn best_class(prediction: &Prediction) -> String {
    prediction.best().map_or_else(String::new, |class| class.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[test]
    fn a_length_is_read_or_left_to_the_stream() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static(value));
            declared_length(&headers)
        };
        assert_eq!(of("123"), Some(123));
        assert_eq!(of("many"), None);
        assert_eq!(declared_length(&HeaderMap::new()), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stalled_upload_is_given_up() {
        let problem = arriving(pending::<Result<(), MultipartError>>()).await.unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::TimedOut);
    }
}
