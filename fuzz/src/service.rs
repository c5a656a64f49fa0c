//! The relay's HTTP service with a tiny model.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::str;
use std::sync::LazyLock;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use http_body::Frame;
use http_body_util::BodyExt;
use mango_relay::cli::ServeArgs;
use mango_relay::http;
use mango_relay::model::Current;
use mango_relay::model::device::DeviceModel;
use mango_relay::monitoring::health::Health;
use mango_relay::monitoring::metrics::Metrics;
use mango_relay::settings::Settings;
use tokio::runtime::{Builder, Runtime};
use tower_service::Service as _;

use crate::tiny;

/// Limits of a photo, of a body with several and of all uploads in bytes, and of pixels: low, so that small inputs
/// reach them.
const PHOTO: usize = 4 << 10;
const BODY: usize = 12 << 10;
const UPLOADS: usize = 64 << 10;
const PIXELS: u64 = 250_000;

/// A request in the corpus format: the path with its query and, if the body is sent in pieces, the length of each; then
/// headers, one per line; an empty line; the body.
#[derive(Debug)]
pub(crate) struct RawRequest<'a> {
    /// Path and query.
    pub(crate) path: &'a str,
    /// Length of a piece of the body.
    piece: usize,
    /// Header names and values.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl<'a> RawRequest<'a> {
    /// Parses a request; none if it is invalid. Invalid header lines are skipped, since no client could send them.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let end = bytes.windows(2).position(|two| two == b"\n\n")?;
        let (head, body) = (&bytes[..end], &bytes[end + 2..]);
        let mut lines = head.split(|byte| *byte == b'\n');
        let first = str::from_utf8(lines.next()?).ok()?;
        let (path, piece) = first.split_once(' ').unwrap_or((first, ""));
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
            let value = HeaderValue::from_bytes(value[1..].trim_ascii()).ok()?;
            Some((HeaderName::from_bytes(name).ok()?, value))
        });
        let piece = piece.parse().ok().filter(|piece| *piece > 0).unwrap_or(usize::MAX);
        Some(Self { path, piece, headers: headers.collect(), body })
    }

    /// Sends it as POST; none if the path is invalid.
    pub(crate) fn post(self) -> Option<Answer> {
        let uri: Uri = self.path.parse().ok()?;
        let body = Pieces { rest: Bytes::copy_from_slice(self.body), piece: self.piece };
        let mut request = Request::new(Body::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        request.headers_mut().extend(self.headers);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
        Some(SERVICE.ask(request))
    }
}

/// The whole response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The media type.
    pub(crate) fn kind(&self) -> &str {
        self.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

static SERVICE: LazyLock<Service> = LazyLock::new(Service::start);

struct Service {
    runtime: Runtime,
    router: Router,
}

impl Service {
    fn start() -> Self {
        let mut settings = Settings::load(&ServeArgs::default()).expect("an environment without the relay's settings");
        settings.limits.workers = 1;
        settings.limits.photo = PHOTO;
        settings.limits.request_size = BODY;
        settings.limits.upload_memory = UPLOADS;
        settings.limits.pixels = PIXELS;
        // Client addresses and forwarding headers are parsed, but no request is rate-limited.
        settings.clients.rate_limit = Some(NonZeroU32::MAX);
        settings.clients.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        let folder = tempfile::tempdir().expect("a folder");
        tiny::served().save(folder.path()).expect("a model's files");
        let device_model = DeviceModel::load(Some(folder.path())).expect("a model for phones");
        let health = Health::default();
        health.pass();
        let predictor = Current::new(tiny::predictor().clone());
        let metrics = Metrics::new().expect("metrics");
        let router = http::service(predictor, device_model, &settings, &health, &metrics, None).expect("a thread");
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime");
        Self { runtime, router }
    }

    fn ask(&self, request: Request<Body>) -> Answer {
        let mut router = self.router.clone();
        self.runtime.block_on(async move {
            let Ok(answer) = router.call(request).await;
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.expect("an answer is whole").to_bytes();
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }
}

/// A body that arrives piece by piece.
struct Pieces {
    rest: Bytes,
    piece: usize,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let length = self.rest.len().min(self.piece);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(self.rest.split_to(length)))))
    }
}
