//! The photos of a request, as they arrive.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};

use super::feed::Feed;
use super::memory::Account;
use super::{App, encoding};
use crate::problem::{Problem, ProblemKind};

/// Parts of a body. More are no form that anybody filled in, and each costs its time.
const MAX_PARTS: usize = 64;

/// What an upload is held to.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Bytes of the body, multipart framing included.
    body: usize,
    /// Bytes of a photo.
    photo: usize,
}

/// A `multipart/form-data` body whose parts of one name hold photos. Other parts are passed over.
pub(super) struct Parts {
    multipart: Multipart,
    feed: Feed,
    account: Account,
    name: &'static str,
    bounds: Bounds,
    /// Photos that were asked for so far.
    asked: usize,
    /// Parts that came so far.
    parts: usize,
}

impl Parts {
    /// Begins to read a request, whose route holds the body to `limit` bytes.
    ///
    /// # Errors
    /// [`ProblemKind::BodyTooLarge`] or [`ProblemKind::EncodedBody`] if the request says so itself,
    /// [`ProblemKind::NotMultipart`].
    pub(super) async fn open(request: Request, app: &App, name: &'static str, limit: usize) -> Result<Self, Problem> {
        encoding::none(request.headers())?;
        if declared_length(request.headers()).is_some_and(|length| length > limit as u64) {
            return Err(body_too_large(limit));
        }
        let (parts, body) = request.into_parts();
        let (body, account) = app.memory.charge(body);
        let (feed, body) = Feed::new(body);
        let multipart = Multipart::from_request(Request::from_parts(parts, body), &()).await.map_err(|_| {
            Problem::new(ProblemKind::NotMultipart, format!("send multipart/form-data with the photo in part `{name}`"))
        })?;
        let bounds = Bounds { body: limit, photo: app.limits.photo };
        Ok(Self { multipart, feed, account, name, bounds, asked: 0, parts: 0 })
    }

    /// The bytes of the next photo; nothing when the whole body was read and found to be sound.
    ///
    /// # Errors
    /// What is wrong with the body, or with the size of this photo.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let arrived = self.next_photo().await;
        self.asked += 1;
        arrived.map_err(|problem| if self.account.exhausted() { overloaded() } else { problem })
    }

    /// Passes over the rest of the body, and gives what its memory is charged to.
    ///
    /// # Errors
    /// What is wrong with the rest.
    pub(super) async fn finish(mut self) -> Result<Account, Problem> {
        let end = loop {
            match self.part().await {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(problem) => break Err(problem),
            }
        };
        match end {
            Err(_) if self.account.exhausted() => Err(overloaded()),
            end => end.map(|()| self.account),
        }
    }

    async fn next_photo(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let (feed, bounds, name, asked) = (self.feed.clone(), self.bounds, self.name, self.asked);
        while let Some(part) = self.part().await? {
            if part.name() == Some(name) {
                return collect(part, &feed, bounds, asked).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn part(&mut self) -> Result<Option<Field<'_>>, Problem> {
        let part = arriving(&self.feed, self.multipart.next_field(), self.bounds).await?;
        self.parts += usize::from(part.is_some());
        if self.parts > MAX_PARTS {
            let detail = format!("a form has at most {MAX_PARTS} parts; send the photos alone");
            return Err(Problem::new(ProblemKind::BadMultipart, detail));
        }
        Ok(part)
    }

    /// The problem of a body without any photo.
    pub(super) fn no_picture(name: &str) -> Problem {
        Problem::new(ProblemKind::NoPicture, format!("send the photo as a multipart part named `{name}`"))
    }
}

/// What a request says of its body's length, bytes.
pub(super) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(mut part: Field<'_>, feed: &Feed, bounds: Bounds, index: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = arriving(feed, part.chunk(), bounds).await? {
        if bytes.len() + chunk.len() > bounds.photo {
            let detail = format!("a photo has at most {}; send a smaller copy of it", bytes_text(bounds.photo));
            return Err(Problem::new(ProblemKind::BodyTooLarge, detail).of_photo(index));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Waits for more of an upload.
async fn arriving<T>(
    feed: &Feed,
    next: impl Future<Output = Result<T, MultipartError>>,
    bounds: Bounds,
) -> Result<T, Problem> {
    feed.answer(next).await.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            body_too_large(bounds.body)
        } else {
            let detail = "the multipart body ends early or breaks its own form; send the photo again";
            Problem::new(ProblemKind::BadMultipart, detail)
        }
    })
}

/// The problem of a body of more than `limit` bytes.
pub(super) fn body_too_large(limit: usize) -> Problem {
    let detail = format!("at most {} are taken at once; send a smaller copy of the photo", bytes_text(limit));
    Problem::new(ProblemKind::BodyTooLarge, detail)
}

/// MiB where they say it well, else bytes.
fn bytes_text(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

/// The problem of a request for which there is neither a place nor memory.
pub(super) fn overloaded() -> Problem {
    let detail = format!("try again in {} s", Problem::RETRY_AFTER_SECONDS);
    Problem::new(ProblemKind::Overloaded, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

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
}
