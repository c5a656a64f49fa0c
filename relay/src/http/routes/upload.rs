//! `POST /upload_image`: returns the prediction for a photo.

use std::slice;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mango_inference::{Prediction, Predictor, timing};
use utoipa::ToSchema;

use crate::http::app::App;
use crate::http::body::{Bounds, Parts};
use crate::http::message::accept::Form;
use crate::http::message::query;
use crate::http::schemas::{Explain, UploadProblems};
use crate::photo;
use crate::pool::RunningJob;
use crate::problem::Problem;

/// The name of the part with the photo.
const PART: &str = "picture";

/// The form that a phone sends.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read part by part")]
struct PictureForm {
    /// JPEG, PNG or WebP.
    #[schema(value_type = String, format = Binary)]
    picture: Vec<u8>,
}

/// Classifies a photo. With `Accept: text/plain` the response is only the id of the first class.
#[utoipa::path(post, path = "/upload_image", tag = "tutorial",
    params(("explain" = Option<Explain>, Query, nullable = false, description = "`1`: with a heat map")),
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "the prediction", content(
            (Prediction = "application/json"), (String = "text/plain; charset=utf-8"),
        )),
        UploadProblems,
    ),
)]
pub(crate) async fn upload(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let form = Form::preferred(request.headers());
    // A text response has no heat map.
    let heat_map = query::explain(request.uri().query())? && form == Form::Json;
    let predict = if heat_map { Predictor::explain } else { Predictor::predict };
    app.admit()?;
    let bounds = Bounds { body: app.limits.photo, photo: app.limits.photo };
    let mut parts = Parts::open(request, &app.memory, PART, bounds).await?;
    let picture = parts.next().await?.ok_or_else(|| parts.no_picture())?;
    let account = parts.finish().await?;
    let predictor = app.predictor.get();
    let limits = app.limits.of_photo(&predictor);
    let job = move |_: &mut RunningJob| {
        let _timing = timing::record();
        Ok(predict(&predictor, &photo::decode_within(&picture, limits)?)?)
    };
    let prediction = app.run(account, 1, app.deadline(), job).await?;
    app.tell(slice::from_ref(&prediction), &prediction);
    Ok(answer(&prediction, form))
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
