//! `cert show`.

use std::fs;

use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use super::print;
use crate::cli::ShowArgs;
use crate::tls::{Details, Source, TlsError, TlsFault, certificates, in_order, moment, public_roots, trust};

/// Shows the certificates of a file in its order, those of a PKCS#12 file in the order in which they would be sent.
pub(super) fn run(args: &ShowArgs) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let failed = |fault| TlsError { path: args.file.clone(), fault };
    let bytes = fs::read(&args.file).map_err(|error| failed(TlsFault::Read(error)))?;
    let chain = match certificates(&bytes) {
        Err(TlsFault::Binary) if Details::of(&bytes).is_some() => vec![CertificateDer::from(bytes)],
        Err(TlsFault::Binary) => Source::pfx(&args.file, args.pfx_password_file.as_deref())?.1.chain().to_vec(),
        certificates => certificates.map_err(failed)?,
    };
    let mut lines = Vec::new();
    for (index, certificate) in chain.iter().enumerate() {
        let number = index + 1;
        let details = Details::of(certificate).ok_or_else(|| failed(TlsFault::BadCertificate { number }))?;
        lines.extend(describe(number, &details, now));
    }
    // As the relay sends them, whatever their order in the file.
    let trust = trust(&in_order(chain), &public_roots(), now);
    lines.push(format!("chain: {trust}"));
    lines.extend(trust.cure().map(|cure| format!("       {cure}")));
    print(&lines)
}

fn describe(number: usize, details: &Details, now: OffsetDateTime) -> [String; 5] {
    let Details { subject, issuer, names, not_before, not_after, fingerprint, .. } = details;
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let standing = if *not_after < now {
        "expired".to_owned()
    } else if *not_before > now {
        "not valid yet".to_owned()
    } else {
        format!("{} days left", (*not_after - now).whole_days())
    };
    [
        format!("{number}. {subject}"),
        format!("   issuer   {issuer}"),
        format!("   names    {names}"),
        format!("   valid    {} to {} ({standing})", moment(*not_before), moment(*not_after)),
        format!("   SHA-256  {fingerprint}"),
    ]
}
