//! A request's body as one piece.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header;
use http_body_util::BodyExt;

use super::memory::{Account, Memory};
use super::parts;
use crate::problem::{Problem, ProblemKind};

/// Reads a body of at most `limit` bytes, and gives what its memory is charged to.
///
/// # Errors
/// What is wrong with the body.
pub(super) async fn read(request: Request, memory: &Memory, limit: usize) -> Result<(Bytes, Account), Problem> {
    let (head, body) = request.into_parts();
    if head.headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::new(ProblemKind::EncodedBody, "send the body as it is, without Content-Encoding"));
    }
    let declared = parts::declared_length(&head.headers);
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(parts::body_too_large(limit));
    }
    let (mut body, account) = memory.charge(body);
    // Memory that is never written to is not taken from the machine.
    let mut bytes = Vec::with_capacity(declared.and_then(|length| length.try_into().ok()).unwrap_or_default());
    loop {
        let Some(arrived) = body.frame().await else { return Ok((bytes.into(), account)) };
        let Ok(frame) = arrived else {
            let ends_early = || Problem::new(ProblemKind::BadTensor, "the body ends early; send it again");
            return Err(if account.exhausted() { parts::overloaded() } else { ends_early() });
        };
        let Some(chunk) = frame.data_ref() else { continue };
        if bytes.len() + chunk.len() > limit {
            return Err(parts::body_too_large(limit));
        }
        bytes.extend_from_slice(chunk);
    }
}
