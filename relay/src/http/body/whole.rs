//! Reads a whole request body.

use axum::body::Bytes;
use axum::extract::Request;
use http_body_util::BodyExt;

use super::declared;
use super::memory::{Account, Memory};
use crate::problem::{Problem, ProblemKind};

/// Reads a body of at most `limit` bytes, and returns it with its memory account.
///
/// # Errors
/// An error in the body.
pub(crate) async fn read(request: Request, memory: &Memory, limit: usize) -> Result<(Bytes, Account), Problem> {
    let (head, body) = request.into_parts();
    declared::check(&head.headers, limit)?;
    let (mut body, account) = memory.charge(body);
    // No memory is reserved for a declared length.
    let mut bytes = Vec::new();
    loop {
        let Some(arrived) = body.frame().await else { return Ok((bytes.into(), account)) };
        let Ok(frame) = arrived else {
            let ends_early = || Problem::new(ProblemKind::BadTensor, "the body ends early; send it again");
            return Err(if account.exhausted() { Problem::overloaded() } else { ends_early() });
        };
        let Some(chunk) = frame.data_ref() else { continue };
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::body_too_large(limit));
        }
        bytes.extend_from_slice(chunk);
    }
}
