//! `mango-relay probe`: whether a relay answers, for health checks where there is no other client.

mod url;

pub use url::{Url, UrlError};

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
use rustls::ALL_VERSIONS;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::cli::ProbeArgs;
use crate::terminal::shown;
use crate::tls::any_certificate;

/// Time from the connection to the answer. A relay that takes longer is not well.
const PATIENCE: Duration = Duration::from_secs(4);

/// Prints the status that the relay answers with. Fails unless it is one of success.
///
/// # Errors
/// There is no answer.
pub fn run(args: &ProbeArgs) -> anyhow::Result<ExitCode> {
    let url = args.url.clone().unwrap_or_else(|| Url::alive(args.listen));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let status = runtime
        .block_on(async { timeout(PATIENCE, ask(&url)).await })
        .with_context(|| format!("{url}: no answer within {PATIENCE:?}"))?
        .with_context(|| format!("{url}: no answer"))?;
    shown(writeln!(io::stdout(), "{status}"))?;
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn ask(url: &Url) -> anyhow::Result<StatusCode> {
    // The certificate is for the name that phones know, which a probe from beside the relay does not use.
    let config = any_certificate(ALL_VERSIONS, &[b"http/1.1"])?;
    let stream = TcpStream::connect((url.host(), url.port())).await?;
    let stream = TlsConnector::from(Arc::new(config)).connect(url.name().clone(), stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(url.path()).header(HOST, url.authority()).body(Empty::<Bytes>::new())?;
    Ok(sender.send_request(request).await?.status())
}
