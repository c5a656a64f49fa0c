//! A client of the relay.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use mango_relay_harness::Form;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Body, StatusCode};

use super::server::Server;

/// Timeout of a phone.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A client that trusts the relay's certificate.
#[derive(Clone, Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    address: String,
}

/// A response, and the time from the first byte sent to the last one received.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) time: Duration,
}

impl Client {
    /// A client for HTTP/1.1, with a connection for each concurrent request, like that many phones.
    ///
    /// # Errors
    /// The relay's certificate cannot be read.
    pub(super) fn of(server: &Server) -> Result<Self> {
        Self::with(server, reqwest::Client::builder().http1_only())
    }

    /// A client for HTTP/2, with one connection for all requests.
    ///
    /// # Errors
    /// The relay's certificate cannot be read.
    pub(super) fn on_one_connection(server: &Server) -> Result<Self> {
        Self::with(server, reqwest::Client::builder())
    }

    fn with(server: &Server, builder: reqwest::ClientBuilder) -> Result<Self> {
        // Only the first call in the process succeeds, which is enough.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root = reqwest::Certificate::from_pem(&server.root()?).context("the relay's certificate")?;
        let http =
            builder.tls_certs_only([root]).no_proxy().timeout(TIMEOUT).build().context("cannot make an HTTP client")?;
        Ok(Self { http, address: server.url() })
    }

    /// Sends a body that [`form`] made.
    ///
    /// # Errors
    /// There was no response.
    pub(super) async fn upload(&self, path: &str, body: impl Into<Body>) -> reqwest::Result<Answer> {
        self.send(self.http.post(self.url(path)).header(CONTENT_TYPE, Form::type_of_photos()).body(body)).await
    }

    /// Requests a path.
    ///
    /// # Errors
    /// There was no response.
    pub(super) async fn get(&self, path: &str) -> reqwest::Result<Answer> {
        self.send(self.http.get(self.url(path))).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let began = Instant::now();
        let response = request.send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        Ok(Answer { status, body, time: began.elapsed() })
    }
}

/// The body of a form with these photos in parts of one name.
pub(super) fn form(part: &str, photos: &[&[u8]]) -> Bytes {
    Form::of_photos(part, photos).into_body().into()
}
