//! One check of a server: a connection as a phone makes it, and a handshake with each version of TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::header::HOST;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, Error, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::any_certificate::any_certificate;
use super::net_error::{Failure, NetError};
use super::reach::connect;
use super::target::Target;
use crate::provider::ALPN;

/// Timeout of each step: a handshake, an HTTP response.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest response to `GET /` that is read, bytes.
const MAX_ANSWER: usize = 64 << 10;

/// The results for one address.
#[derive(Debug)]
pub(super) struct Visit {
    /// The address.
    pub(super) address: SocketAddr,
    /// A handshake with TLS 1.2 only.
    pub(super) tls12: Result<(), Failure>,
    /// A handshake with TLS 1.3 only.
    pub(super) tls13: Result<(), Failure>,
    /// The connection as a phone makes it.
    pub(super) session: Result<Session, Failure>,
}

/// A connection with a phone's settings.
#[derive(Debug)]
pub(super) struct Session {
    /// The certificates that were sent.
    pub(super) chain: Vec<CertificateDer<'static>>,
    /// The protocol negotiated by ALPN.
    pub(super) alpn: Option<String>,
    /// The response to `GET /`.
    pub(super) answer: Result<Answer, Failure>,
}

/// A response to `GET /`.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) version: Version,
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

impl Visit {
    /// Checks the server at that address.
    pub(super) async fn connect(target: &Target, address: SocketAddr) -> Self {
        let once = async |versions| handshake(target, address, versions).await;
        Self {
            address,
            tls12: once(&[&TLS12]).await.map(|_| ()),
            tls13: once(&[&TLS13]).await.map(|_| ()),
            session: match once(&[&TLS13, &TLS12]).await {
                Ok(stream) => Ok(Session::on(stream, target).await),
                Err(failure) => Err(failure),
            },
        }
    }
}

impl Session {
    async fn on(stream: TlsStream<TcpStream>, target: &Target) -> Self {
        let (_, connection) = stream.get_ref();
        let chain = connection.peer_certificates().unwrap_or_default();
        let chain = chain.iter().map(|certificate| certificate.clone().into_owned()).collect();
        let alpn = connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        let http2 = alpn.as_deref() == Some("h2");
        let answer = match timeout(TIMEOUT, get(stream, target, http2)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Failure { error: NetError::InvalidHttp, why: format!("no HTTP response: {error}") }),
            Err(_) => {
                Err(Failure { error: NetError::ConnectionTimedOut, why: format!("no answer within {TIMEOUT:?}") })
            }
        };
        Self { chain, alpn, answer }
    }
}

async fn handshake(
    target: &Target,
    address: SocketAddr,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<TlsStream<TcpStream>, Failure> {
    let config = any_certificate(versions, &ALPN)
        .map_err(|error| Failure { error: NetError::SslProtocol, why: format!("cannot set up TLS: {error}") })?;
    let stream = connect(address).await?;
    match timeout(TIMEOUT, TlsConnector::from(Arc::new(config)).connect(target.name().clone(), stream)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(refused(&error)),
        Err(_) => Err(Failure { error: NetError::ConnectionTimedOut, why: format!("no handshake within {TIMEOUT:?}") }),
    }
}

fn refused(error: &io::Error) -> Failure {
    let kind = match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ))
        | Some(Error::PeerIncompatible(_)) => NetError::VersionOrCipher,
        Some(Error::AlertReceived(AlertDescription::UnrecognisedName)) => NetError::UnrecognizedName,
        Some(_) => NetError::SslProtocol,
        None if error.kind() == io::ErrorKind::ConnectionReset => NetError::ConnectionReset,
        None => NetError::ConnectionClosed,
    };
    Failure { error: kind, why: error.to_string() }
}

async fn get(
    stream: TlsStream<TcpStream>,
    target: &Target,
    http2: bool,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let io = TokioIo::new(stream);
    let host = target.to_string();
    let response: Response<Incoming> = if http2 {
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
        tokio::spawn(connection);
        sender.send_request(Request::get(format!("https://{host}/")).body(Empty::<Bytes>::new())?).await?
    } else {
        let (mut sender, connection) = http1::handshake(io).await?;
        tokio::spawn(connection);
        sender.send_request(Request::get("/").header(HOST, host).body(Empty::<Bytes>::new())?).await?
    };
    let (version, status) = (response.version(), response.status());
    // A body that is too large or breaks off is accepted too.
    let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
    Ok(Answer { version, status, body: body.map(|body| body.to_bytes().to_vec()).unwrap_or_default() })
}
