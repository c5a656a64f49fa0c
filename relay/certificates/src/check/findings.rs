//! Findings about a server, from one or more connections to it.

use rustls::RootCertStore;
use rustls::client::verify_server_name;
use rustls::pki_types::CertificateDer;
use rustls::server::ParsedCertificate;
use time::OffsetDateTime;

use super::addresses::of_addresses;
use super::finding::{Finding, Grade};
use super::net_error::NetError;
use super::reach::Reach;
use super::roots::Roots;
use super::target::Target;
use super::visit::{Answer, Session, Visit};
use crate::certificate::{Details, Phase};
use crate::review::{Trust, Warning, trust};
use crate::text::printable;

/// All findings of the connections, and last the error that a phone's user would see. A phone may connect to any of the
/// addresses, so the last finding is the worst error among them.
pub(super) fn findings(
    target: &Target,
    reach: &Reach,
    visits: &[Visit],
    roots: &Roots,
    now: OffsetDateTime,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if target.ip().is_some() {
        let error = NetError::NotListed;
        findings.push(Finding::bad("host", error, format!("{target} is an IP address"), error.hint()));
    }
    findings.extend(of_addresses(reach));
    for visit in visits {
        if visits.len() > 1 {
            findings.push(Finding::note("address", format!("{}: what was found there follows", visit.address)));
        }
        findings.extend(of_tls(visit));
        if let Ok(session) = &visit.session {
            findings.extend(of_certificates(target, &session.chain, &roots.store, now));
            findings.extend(of_http(session));
        }
    }
    findings.push(in_wechat(target, roots.own, &findings));
    findings
}

fn of_tls(visit: &Visit) -> Vec<Finding> {
    let (old, new) = (&visit.tls12, &visit.tls13);
    vec![
        match old {
            Ok(()) => Finding::good("TLS 1.2", "accepted"),
            Err(failure) if new.is_ok() => Finding::bad(
                "TLS 1.2",
                failure.error,
                format!("refused ({}); WeChat's older clients need it", printable(&failure.why)),
                NetError::VersionOrCipher.hint(),
            ),
            Err(failure) => Finding::failure("TLS 1.2", failure),
        },
        match new {
            Ok(()) => Finding::good("TLS 1.3", "accepted"),
            Err(failure) if old.is_ok() => {
                Finding::note("TLS 1.3", format!("refused ({}); phones do without it", printable(&failure.why)))
            }
            Err(failure) => Finding::failure("TLS 1.3", failure),
        },
    ]
}

fn of_certificates(
    target: &Target,
    chain: &[CertificateDer<'_>],
    roots: &RootCertStore,
    now: OffsetDateTime,
) -> Vec<Finding> {
    let details: Option<Vec<Details>> = chain.iter().map(|certificate| Details::of(certificate)).collect();
    let details = details.unwrap_or_default();
    let Some(own) = details.first() else {
        let hint = "order a new certificate, and give the server the file as the authority sent it";
        return vec![Finding::bad("certificates", NetError::CertificateInvalid, "damaged or missing", hint)];
    };
    vec![
        Finding::good("certificates", format!("{} sent: {}", chain.len(), sent(&details))),
        of_chain(&trust(chain, roots, now)),
        of_name(target, &chain[0], own),
        of_key(own),
        of_dates(own, now),
    ]
}

/// The subjects of the certificates. An arrow stands between a certificate and its issuer.
fn sent(details: &[Details]) -> String {
    let first = details.first().map(|own| own.subject.clone());
    let others = details.windows(2).map(|pair| {
        let link = if pair[0].issuer == pair[1].subject { " ← " } else { ", " };
        format!("{link}{}", pair[1].subject)
    });
    first.into_iter().chain(others).collect()
}

fn of_chain(trust: &Trust) -> Finding {
    let error = match trust {
        Trust::Known => return Finding::good("chain", trust.to_string()),
        Trust::SelfSigned | Trust::Incomplete { .. } | Trust::UnknownRoot { .. } => NetError::AuthorityInvalid,
        Trust::OutOfDate { .. } => NetError::DateInvalid,
        Trust::Refused(_) => NetError::CertificateInvalid,
    };
    Finding::bad("chain", error, trust.to_string(), trust.hint().unwrap_or_default())
}

fn of_name(target: &Target, certificate: &CertificateDer<'_>, own: &Details) -> Finding {
    let host = target.host();
    let names = if own.names.is_empty() { "no name".to_owned() } else { own.names.join(", ") };
    let matches = ParsedCertificate::try_from(certificate)
        .is_ok_and(|certificate| verify_server_name(&certificate, target.name()).is_ok());
    if matches {
        return Finding::good("name", format!("{host} is among: {names}"));
    }
    let hint = format!("order a certificate for {host}, or call the server by a name that the certificate has");
    Finding::bad("name", NetError::CommonNameInvalid, format!("{host} is not among: {names}"), hint)
}

fn of_key(own: &Details) -> Finding {
    match Warning::of_key(&own.key) {
        None => Finding::good("key", own.key.to_string()),
        Some(Warning { text, hint }) => Finding::bad("key", NetError::WeakKey, text, hint),
    }
}

fn of_dates(own: &Details, now: OffsetDateTime) -> Finding {
    let validity = own.validity(now);
    match (Warning::of_dates(&validity), validity.phase()) {
        (None, _) => Finding::good("dates", validity.to_string()),
        (Some(Warning { text, hint }), Phase::Holds) => Finding { hint: Some(hint), ..Finding::note("dates", text) },
        (Some(Warning { text, hint }), Phase::Early | Phase::Over) => {
            Finding::bad("dates", NetError::DateInvalid, text, hint)
        }
    }
}

fn of_http(session: &Session) -> [Finding; 2] {
    let alpn = match &session.alpn {
        Some(protocol) => Finding::good("ALPN", printable(protocol)),
        None => Finding::note("ALPN", "none negotiated; phones then use HTTP/1.1"),
    };
    let answer = match &session.answer {
        Ok(Answer { version, status, body }) => {
            let text = format!("{version:?} {status}");
            if status.is_success() && body == b"hello" {
                Finding::good("GET /", format!("{text}, the relay's hello"))
            } else {
                Finding::note("GET /", format!("{text}; a relay answers 200 and `hello`"))
            }
        }
        Err(failure) => Finding::failure("GET /", failure),
    };
    [alpn, answer]
}

/// WeChat shows the most serious error only.
fn in_wechat(target: &Target, own_roots: bool, findings: &[Finding]) -> Finding {
    let worst = findings.iter().filter_map(|finding| match finding.grade {
        Grade::Bad(error) => Some(error),
        Grade::Good | Grade::Note | Grade::Warning => None,
    });
    match worst.min() {
        Some(error) => Finding {
            topic: "WeChat",
            grade: Grade::Bad(error),
            text: format!("a phone would show: {error}"),
            hint: None,
        },
        None => Finding {
            hint: Some(format!(
                "https://{target} must also be among the mini-program's request, uploadFile and downloadFile domains, \
                 else 600002"
            )),
            ..Finding::good(
                "WeChat",
                if own_roots { "no error, on phones that trust the given roots" } else { "no error" },
            )
        },
    }
}
