//! `cert show`.

use mango_certificates::{
    Content, Details, Source, TlsError, TlsFault, Warning, certificates, in_order, moment, read, roots, trust,
};
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

use crate::cli::ShowArgs;
use crate::output::terminal::print;

/// Prints the certificates of a PEM file in file order, those of a PKCS#12 file in the order in which they would be
/// sent.
pub(super) fn run(args: &ShowArgs) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let failed = |fault| TlsError { path: args.file.clone(), fault };
    let roots = roots(args.root.as_deref())?;
    let bytes = read(&args.file)?;
    let chain = match certificates(&bytes) {
        Err(TlsFault::NoCertificate(Content::BinaryCertificate)) => vec![CertificateDer::from(bytes)],
        Err(TlsFault::NoCertificate(Content::Pkcs12 | Content::Binary)) => {
            Source::pfx(&args.file, args.pfx_password_file.as_deref())?.1.chain().to_vec()
        }
        certificates => certificates.map_err(failed)?,
    };
    let mut lines = Vec::new();
    for (index, certificate) in chain.iter().enumerate() {
        let number = index + 1;
        let details = Details::of(certificate).ok_or_else(|| failed(TlsFault::BadCertificate { number }))?;
        lines.extend(describe(number, &details, now));
    }
    // The order in which the relay sends them.
    let chain = in_order(chain);
    if let Some(warning) = chain.first().and_then(|own| Warning::of_key(&Details::of(own)?.key)) {
        lines.extend([format!("key:   {}", warning.text), format!("       {}", warning.hint)]);
    }
    let trust = trust(&chain, &roots, now);
    lines.push(format!("chain: {trust}"));
    lines.extend(trust.hint().map(|hint| format!("       {hint}")));
    print(&lines)
}

fn describe(number: usize, details: &Details, now: OffsetDateTime) -> [String; 6] {
    let Details { subject, issuer, names, not_before, not_after, key, fingerprint, .. } = details;
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let status = details.validity(now).briefly();
    [
        format!("{number}. {subject}"),
        format!("   issuer   {issuer}"),
        format!("   names    {names}"),
        format!("   valid    {} to {} ({status})", moment(*not_before), moment(*not_after)),
        format!("   key      {key}"),
        format!("   SHA-256  {fingerprint}"),
    ]
}
