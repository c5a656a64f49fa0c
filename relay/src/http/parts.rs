//! The photos of a request, as they arrive.

use std::time::Duration;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use tokio::time::timeout;

use super::memory::{Account, Memory};
use crate::problem::{Problem, ProblemKind};

/// Bytes of a photo.
pub(super) const MAX_PHOTO: usize = 8 << 20;

/// Time without a byte after which an upload is given up.
pub(super) const STALL_TIMEOUT: Duration = Duration::from_secs(15);

/// A `multipart/form-data` body whose parts of one name hold photos. Other parts are passed over.
pub(super) struct Parts {
    multipart: Multipart,
    account: Account,
    name: &'static str,
    /// Bytes of the body, multipart framing included.
    limit: usize,
    /// Photos that were asked for so far.
    asked: usize,
}

impl Parts {
    /// Begins to read a request, whose route holds the body to `limit` bytes.
    ///
    /// # Errors
    /// [`ProblemKind::BodyTooLarge`] if the request says so itself, [`ProblemKind::NotMultipart`].
    pub(super) async fn open(
        request: Request,
        memory: &Memory,
        name: &'static str,
        limit: usize,
    ) -> Result<Self, Problem> {
        if declared_length(request.headers()).is_some_and(|length| length > limit as u64) {
            return Err(body_too_large(limit));
        }
        let (parts, body) = request.into_parts();
        let (body, account) = memory.charge(body);
        let multipart = Multipart::from_request(Request::from_parts(parts, body), &()).await.map_err(|_| {
            Problem::new(ProblemKind::NotMultipart, format!("send multipart/form-data with the photo in part `{name}`"))
        })?;
        Ok(Self { multipart, account, name, limit, asked: 0 })
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
            match arriving(self.multipart.next_field(), self.limit).await {
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
        let limit = self.limit;
        while let Some(part) = arriving(self.multipart.next_field(), limit).await? {
            if part.name() == Some(self.name) {
                return collect(part, limit, self.asked).await.map(Some);
            }
        }
        Ok(None)
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

async fn collect(mut part: Field<'_>, limit: usize, index: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = arriving(part.chunk(), limit).await? {
        if bytes.len() + chunk.len() > MAX_PHOTO {
            let detail = format!("a photo has at most {} MiB; send a smaller copy of it", MAX_PHOTO >> 20);
            return Err(Problem::new(ProblemKind::BodyTooLarge, detail).of_photo(index));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Waits for more of an upload, not for ever.
async fn arriving<T>(next: impl Future<Output = Result<T, MultipartError>>, limit: usize) -> Result<T, Problem> {
    let Ok(arrived) = timeout(STALL_TIMEOUT, next).await else {
        return Err(stalled());
    };
    arrived.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            body_too_large(limit)
        } else {
            let detail = "the multipart body ends early or breaks its own form; send the photo again";
            Problem::new(ProblemKind::BadMultipart, detail)
        }
    })
}

/// The problem of a body of more than `limit` bytes.
pub(super) fn body_too_large(limit: usize) -> Problem {
    let detail = format!("at most {} MiB are taken at once; send a smaller copy of the photo", limit >> 20);
    Problem::new(ProblemKind::BodyTooLarge, detail)
}

/// The problem of a body that stopped arriving.
pub(super) fn stalled() -> Problem {
    let detail = format!("nothing arrived for {} s; send the photo again", STALL_TIMEOUT.as_secs());
    Problem::new(ProblemKind::TimedOut, detail)
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
        let problem = arriving(pending::<Result<(), MultipartError>>(), MAX_PHOTO).await.unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::TimedOut);
    }
}
