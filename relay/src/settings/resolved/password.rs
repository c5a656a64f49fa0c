//! The source of the password of a PKCS#12 file. The password is not a setting, and is never printed.

use std::env;
use std::ffi::OsStr;

use mango_certificates::PASSWORD_VARIABLE;

use crate::settings::definitions::{Definition, PFX_PASSWORD_FILE};
use crate::settings::values::CertificateFiles;

/// A description of the password's source for `serve`; none if no file needs a password.
pub(super) fn password_source(certificate: &CertificateFiles) -> Option<String> {
    source(certificate, env::var_os(PASSWORD_VARIABLE).as_deref())
}

fn source(certificate: &CertificateFiles, variable: Option<&OsStr>) -> Option<String> {
    let CertificateFiles::Pfx { password_file, .. } = certificate else { return None };
    let unused = if variable.is_some() { format!("; {PASSWORD_VARIABLE} is not used") } else { String::new() };
    Some(match (password_file, variable) {
        (Some(_), _) => format!("{}, first line{unused}", PFX_PASSWORD_FILE.name()),
        (None, Some(_)) => format!("environment, {PASSWORD_VARIABLE}"),
        (None, None) => "prompt at the terminal, if the file has one".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_overrides_the_variable_and_the_variable_the_terminal() {
        let pfx = |file: Option<&str>| CertificateFiles::Pfx { path: "a".into(), password_file: file.map(Into::into) };
        let hush = Some(OsStr::new("hush"));
        let file = source(&pfx(Some("b")), hush).unwrap();
        assert!(
            file.starts_with("pfx-password-file") && file.ends_with("MANGO_RELAY_PFX_PASSWORD is not used"),
            "{file}"
        );
        assert_eq!(source(&pfx(Some("b")), None).unwrap(), "pfx-password-file, first line");
        assert_eq!(source(&pfx(None), hush).unwrap(), "environment, MANGO_RELAY_PFX_PASSWORD");
        assert!(source(&pfx(None), None).unwrap().contains("terminal"));
        assert_eq!(source(&CertificateFiles::Development, hush), None);
    }
}
