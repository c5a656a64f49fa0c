//! The photos of a multipart request, as they arrive.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};

use super::buffered_body::BufferedBody;
use super::memory::{Account, Memory};
use super::{declared, disposition};
use crate::problem::{Problem, ProblemKind};

/// Most parts of a body. No real form has more, and each costs time.
const MAX_PARTS: usize = 64;
/// Names of other parts to keep for the error about a missing photo.
const MAX_OTHERS: usize = 3;
/// The hint for a wrong boundary.
const LET_THE_CLIENT: &str = "let the client set it, and set no Content-Type header of your own";

/// The limits of an upload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of the body, multipart framing included.
    pub(crate) body: usize,
    /// Bytes of a photo.
    pub(crate) photo: usize,
}

/// A `multipart/form-data` body. Its parts of one name contain photos; other parts are skipped.
pub(crate) struct Parts {
    multipart: Multipart,
    buffered: BufferedBody,
    account: Account,
    name: &'static str,
    bounds: Bounds,
    /// Photos requested so far.
    requested: usize,
    /// Parts so far.
    parts: usize,
    /// Names of the first other parts.
    others: Vec<String>,
}

impl Parts {
    /// Starts to read a request. Its route limits the body to the same number of bytes.
    ///
    /// # Errors
    /// [`ProblemKind::BodyTooLarge`] or [`ProblemKind::EncodedBody`] by the request's headers,
    /// [`ProblemKind::NotMultipart`], [`ProblemKind::BadMultipart`] without a boundary.
    pub(crate) async fn open(
        request: Request,
        memory: &Memory,
        name: &'static str,
        bounds: Bounds,
    ) -> Result<Self, Problem> {
        declared::check(request.headers(), bounds.body)?;
        let (parts, body) = request.into_parts();
        let no_form = not_multipart(&parts.headers, name);
        let (body, account) = memory.charge(body);
        let (buffered, body) = BufferedBody::new(body);
        let multipart = Multipart::from_request(Request::from_parts(parts, body), &()).await.map_err(|_| no_form)?;
        Ok(Self { multipart, buffered, account, name, bounds, requested: 0, parts: 0, others: Vec::new() })
    }

    /// The bytes of the next photo; none when the whole body was read and is valid.
    ///
    /// # Errors
    /// An error in the body, or in the size of this photo.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let name = self.name;
        Ok(self.next_of(&[name]).await?.map(|(_, photo)| photo))
    }

    /// The next part with one of these names: its name and its bytes, at most as many as a photo has. None when the whole
    /// body was read and is valid.
    ///
    /// # Errors
    /// Those of [`Parts::next`].
    pub(crate) async fn next_of(&mut self, names: &[&'static str]) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        let arrived = self.search(names).await;
        self.requested += 1;
        arrived.map_err(|problem| if self.account.exhausted() { Problem::overloaded() } else { problem })
    }

    /// Skips the rest of the body, and returns its memory account.
    ///
    /// # Errors
    /// An error in the rest.
    pub(crate) async fn finish(mut self) -> Result<Account, Problem> {
        self.next_of(&[]).await?;
        Ok(self.account)
    }

    async fn search(&mut self, names: &[&'static str]) -> Result<Option<(&'static str, Vec<u8>)>, Problem> {
        let (buffered, bounds, requested) = (self.buffered.clone(), self.bounds, self.requested);
        while let Some(part) = self.part().await? {
            let own = disposition::name(part.headers());
            if let Some(name) = names.iter().find(|name| own.as_deref() == Some(**name)) {
                return collect(part, &buffered, bounds, requested).await.map(|bytes| Some((*name, bytes)));
            }
            drop(part);
            self.pass_over(own.as_deref());
        }
        Ok(None)
    }

    fn pass_over(&mut self, other: Option<&str>) {
        let known = other.and_then(disposition::shown).filter(|_| self.others.len() < MAX_OTHERS);
        self.others.extend(known.map(str::to_owned));
    }

    async fn part(&mut self) -> Result<Option<Field<'_>>, Problem> {
        let first = self.parts == 0;
        let part = arriving(&self.buffered, self.multipart.next_field(), self.bounds).await;
        let part = part.map_err(|problem| if first { without_a_part(problem) } else { problem })?;
        self.parts += usize::from(part.is_some());
        if self.parts > MAX_PARTS {
            let detail = format!("a form has at most {MAX_PARTS} parts; send the photos alone");
            return Err(Problem::new(ProblemKind::BadMultipart, detail));
        }
        Ok(part)
    }

    /// The problem of a body without a photo.
    pub(crate) fn no_picture(&self) -> Problem {
        let name = self.name;
        let detail = match &self.others[..] {
            [] => format!("send the photo as a multipart part named `{name}`"),
            others if others.iter().any(|other| other == "file") => format!(
                "the form has a part named `file`, but the photo is looked for in the part named `{name}`; give that name in \
                 the client (`name: \"{name}\"` in wx.uploadFile, uni.uploadFile and Taro.uploadFile, `-F {name}=@leaf.jpg` \
                 with curl)"
            ),
            others => {
                let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
                let others = others.join(", ");
                format!("the form has {others}, but no part named `{name}`; send the photo as a part of that name")
            }
        };
        Problem::new(ProblemKind::NoPicture, detail)
    }
}

/// The problem of a request whose Content-Type is not a readable form.
fn not_multipart(headers: &HeaderMap, name: &str) -> Problem {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
    let kind = kind.map(|kind| String::from_utf8_lossy(&kind).trim().to_owned()).unwrap_or_default();
    match kind.strip_prefix("multipart/form-data") {
        Some(parameters) if parameters.contains("boundary=") => {
            let detail = format!(
                "the boundary in the Content-Type cannot be read: without quotes around it, it may have no `=` and no other \
                 sign; {LET_THE_CLIENT}"
            );
            Problem::new(ProblemKind::BadMultipart, detail)
        }
        Some(_) => {
            let detail = format!("the Content-Type multipart/form-data has no boundary; {LET_THE_CLIENT}");
            Problem::new(ProblemKind::BadMultipart, detail)
        }
        None => {
            let detail = format!("send multipart/form-data with the photo in part `{name}`");
            Problem::new(ProblemKind::NotMultipart, detail)
        }
    }
}

/// A problem with a form in which no part was found.
fn without_a_part(problem: Problem) -> Problem {
    if problem.kind() != ProblemKind::BadMultipart {
        return problem;
    }
    let detail = format!(
        "the body ends early, or does not begin with the boundary that the Content-Type names; {LET_THE_CLIENT}, and send the \
         photo again"
    );
    Problem::new(ProblemKind::BadMultipart, detail)
}

async fn collect(
    mut part: Field<'_>,
    buffered: &BufferedBody,
    bounds: Bounds,
    index: usize,
) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = arriving(buffered, part.chunk(), bounds).await? {
        if bytes.len() + chunk.len() > bounds.photo {
            return Err(Problem::photo_too_large(bounds.photo).of_photo(index));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Waits for the next data of an upload.
async fn arriving<T>(
    buffered: &BufferedBody,
    next: impl Future<Output = Result<T, MultipartError>>,
    bounds: Bounds,
) -> Result<T, Problem> {
    buffered.answer(next).await.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::body_too_large(bounds.body)
        } else {
            let detail = "the multipart body ends early or breaks its own form; send the photo again";
            Problem::new(ProblemKind::BadMultipart, detail)
        }
    })
}
