//! `mango-relay probe`: a health check of a relay for machines without another HTTP client.

mod failure;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use mango_certificates::check::any_certificate;
use rustls::ALL_VERSIONS;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use crate::cli::{ProbeArgs, Url};
use crate::output::terminal::shown;
use failure::{Failure, Step, hint};

/// Timeout from the connection to the response.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Prints the status of the response. The exit code is 1 unless the status is a success.
///
/// # Errors
/// There is no response; the message has a hint.
pub fn run(args: &ProbeArgs) -> anyhow::Result<ExitCode> {
    let url = args.url.clone().unwrap_or_else(|| Url::alive(args.listen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let asked = runtime.block_on(ask(&url));
    // The runtime would otherwise wait for a running DNS lookup.
    runtime.shutdown_background();
    let status = asked.with_context(|| url.to_string())?;
    shown(writeln!(io::stdout(), "{status}"))?;
    if status.is_success() {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(hint) = hint(status) {
        eprintln!("hint: {hint}");
    }
    Ok(ExitCode::FAILURE)
}

async fn ask(url: &Url) -> Result<StatusCode, Failure> {
    // A probe on the same machine does not use the host name of the certificate, so the certificate is not verified.
    let config = any_certificate(ALL_VERSIONS, &[b"http/1.1"])?;
    let until = Instant::now() + TIMEOUT;
    let found = within(until, Step::Name, lookup_host((url.host(), url.port()))).await?.map_err(Failure::Unknown)?;
    let addresses: Vec<_> = found.collect();
    let stream = within(until, Step::Connection, TcpStream::connect(addresses.as_slice())).await?;
    let stream = stream.map_err(Failure::to_connect)?;
    let connector = TlsConnector::from(Arc::new(config));
    let stream = within(until, Step::Handshake, connector.connect(url.name().clone(), stream)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream.map_err(Failure::Tls)?)).await?;
    tokio::spawn(connection);
    let request = Request::get(url.path()).header(HOST, url.authority()).body(Empty::<Bytes>::new())?;
    Ok(within(until, Step::Answer, sender.send_request(request)).await??.status())
}

async fn within<T>(until: Instant, step: Step, doing: impl Future<Output = T>) -> Result<T, Failure> {
    timeout_at(until, doing).await.map_err(|_| Failure::Late { step, limit: TIMEOUT })
}
