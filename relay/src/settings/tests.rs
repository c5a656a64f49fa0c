use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::{Command, FromArgMatches};

use super::definitions::{Definition, all};
use super::*;
use std::time::Duration;

fn args(line: &[&str]) -> ServeArgs {
    let command = <ServeArgs as clap::Args>::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], line].concat()).unwrap();
    ServeArgs::from_arg_matches(&matches).unwrap()
}

fn resolve_with(flags: &[&str], variables: &[(&str, &str)]) -> Result<Resolved, SettingsError> {
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let (sources, faults) = Sources::gather(&args(flags), variables);
    Settings::of(&sources, faults)
}

fn settings(flags: &[&str], variables: &[(&str, &str)]) -> Settings {
    resolve_with(flags, variables).unwrap().settings
}

fn faults(flags: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    resolve_with(flags, variables).unwrap_err().faults.iter().map(ToString::to_string).collect()
}

fn config(folder: &Path, text: &str) -> String {
    let path = folder.join("relay.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_defaults_are_as_documented() {
    let Settings { listen, certificate, tls, model, galleries, limits, times, clients, log, metrics, .. } =
        settings(&[], &[]);
    assert_eq!(listen.to_string(), "0.0.0.0:8080");
    assert_eq!((certificate, tls), (CertificateFiles::Development, TlsVersions::Both));
    assert!(model.model.is_none() && !model.no_pests && galleries.is_empty());
    assert_eq!((limits.queue, limits.connections, limits.photos), (64, 2048, 6));
    assert_eq!((limits.photo, limits.request_size, limits.pixels), (8 << 20, 24 << 20, 50_000_000));
    assert_eq!(limits.upload_memory, 64 * limits.photo);
    let seconds = [times.handshake, times.header, times.stall, times.request, times.inference, times.idle, times.stop];
    assert_eq!(seconds.map(|time| time.as_secs()), [10, 10, 15, 60, 10, 15, 20]);
    assert_eq!((times.least_rate, times.drain_delay), (2000, Duration::ZERO));
    assert_eq!((clients.rate_limit, clients.trusted_proxies.len(), clients.allowed_origins.len()), (None, 0, 0));
    assert_eq!((log.format, log.level), (LogFormat::Text, LogLevel::Info));
    assert_eq!(metrics.map(|metrics| (metrics.address.port(), metrics.chosen)), Some((9090, false)));
}

#[test]
fn flags_override_the_environment_and_the_environment_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "queue = 1\nmax-photos = 2\nidle-timeout = \"3s\"\nno-pests = true\n");
    let flags = ["--config", &file, "--queue", "11", "--no-pests=false"];
    let Resolved { settings, rows, .. } =
        resolve_with(&flags, &[("MANGO_RELAY_QUEUE", "21"), ("MANGO_RELAY_MAX_PHOTOS", "5")]).unwrap();
    assert_eq!((settings.limits.queue, settings.limits.photos, settings.times.idle.as_secs()), (11, 5, 3));
    assert!(!settings.model.no_pests);
    let origin = |name| rows.iter().find(|row| row.name == name).unwrap().origin.clone();
    assert_eq!(
        (origin("queue"), origin("max-photos"), origin("listen")),
        (Origin::Flag, Origin::Environment, Origin::Default)
    );
    assert_eq!(origin("idle-timeout"), Origin::File { file: file.into(), line: 3 });
}

#[test]
fn every_setting_has_a_row_and_a_valid_default() {
    let Resolved { rows, .. } = resolve_with(&[], &[]).unwrap();
    let mut names: Vec<_> = rows.iter().map(|row| row.name).collect();
    let mut defined: Vec<_> = all().map(Definition::name).collect();
    names.sort_unstable();
    defined.sort_unstable();
    assert_eq!(names, defined);
    for row in &rows {
        for value in &row.values {
            let flag = format!("--{}={}", row.name, value.to_str().unwrap());
            assert!(resolve_with(&[&flag], &[]).is_ok(), "{flag}");
        }
    }
}

#[test]
fn every_wrong_value_is_listed_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "listen = \"localhost\"\nmax-pixels = \"201MP\"\ntls = 1.3\nworkers = 0\n");
    let flags = ["--config", &file, "--queue", "many", "--idle-timeout", "0s"];
    let faults = faults(&flags, &[("MANGO_RELAY_TRUSTED_PROXY", "10.0.0.0/8, here")]);
    assert_eq!(faults.len(), 7, "{faults:#?}");
    for part in [
        "line 1: listen = localhost: give an IP address and a port",
        "line 2: max-pixels = 201MP: give a number of pixels up to 200MP",
        "line 3: tls: give a string or a number",
        "line 4: workers = 0: give a number from 1 to 65535",
        "--queue many: give a number from 1 to 65535",
        "--idle-timeout 0s: give more than none",
        "MANGO_RELAY_TRUSTED_PROXY=10.0.0.0/8,here: give IP addresses or networks",
    ] {
        assert!(faults.iter().any(|fault| fault.contains(part)), "{part}\n{faults:#?}");
    }
}

#[test]
fn unknown_names_are_refused_with_a_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "lisen = \"127.0.0.1:1\"\n\n[\"limits\\u001B\"]\nqueue = 3\n");
    let faults = faults(&["--config", &file], &[("MANGO_RELAY_HEADERTIMEOUT", "3s"), ("MANGO_RELAY_SECRET", "hush")]);
    assert_eq!(faults.len(), 4, "{faults:#?}");
    assert!(
        faults.iter().any(|fault| fault.contains("line 1: unknown key `lisen`; did you mean `listen`?")),
        "{faults:#?}"
    );
    assert!(faults.iter().any(|fault| fault.contains("line 3: unknown key `limits\u{FFFD}`")), "{faults:#?}");
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("MANGO_RELAY_HEADERTIMEOUT; did you mean `MANGO_RELAY_HEADER_TIMEOUT`?"))
    );
    assert!(faults.iter().any(|fault| fault.contains("MANGO_RELAY_SECRET")) && !faults.concat().contains("hush"));
}

#[test]
fn other_variables_are_ignored() {
    for (name, value) in [
        ("MANGO_RELAY_PFX_PASSWORD", "hush"),
        ("MANGO_RELAY_SERVICE_HOST", "10.0.0.11"),
        ("MANGO_RELAY_SERVICE_PORT", "443"),
        ("MANGO_RELAY_SERVICE_PORT_HTTPS", "443"),
        ("MANGO_RELAY_PORT", "tcp://10.0.0.11:443"),
        ("MANGO_RELAY_PORT", "tcp://[fd00::11]:443"),
        ("MANGO_RELAY_PORT_8080_TCP", "tcp://10.0.0.11:8080"),
        ("MANGO_RELAY_PORT_8080_TCP_ADDR", "fd00::11"),
        ("MANGO_RELAY_PORT_8080_TCP_PORT", "8080"),
        ("MANGO_RELAY_PORT_8080_TCP_PROTO", "tcp"),
        ("MANGO_RELAY_METRICS_SERVICE_HOST", "10.0.0.12"),
        ("MANGO_RELAY_QUEUE", ""),
        ("MANGO_RELAYS", "3"),
    ] {
        assert_eq!(settings(&[], &[(name, value)]).limits.queue, 64, "{name}={value}");
    }
}

#[test]
fn a_chosen_port_is_not_taken_for_a_kubernetes_variable() {
    for (name, value, meant) in [
        ("MANGO_RELAY_PORT", "443", "MANGO_RELAY_LISTEN"),
        ("MANGO_RELAY_METRICS_PORT", "9100", "MANGO_RELAY_METRICS_LISTEN"),
        ("MANGO_RELAY_HOST", "10.0.0.11", "MANGO_RELAY_LISTEN"),
        ("MANGO_RELAY_SERVICE_HOST", "relay.example", "MANGO_RELAY_LISTEN"),
        ("MANGO_RELAY_SERVICE_PORT", "https", "MANGO_RELAY_LISTEN"),
        ("MANGO_RELAY_PORT_8080_TCP", "8080", "MANGO_RELAY_LISTEN"),
        ("MANGO_RELAY_PORT_8080_TCP_LIMIT", "3", "MANGO_RELAY_LISTEN"),
    ] {
        let faults = faults(&[], &[(name, value)]);
        let expected = format!("unknown environment variable {name}; did you mean `{meant}`?");
        assert_eq!(faults, [expected], "{value}");
    }
}

#[test]
fn contradicting_settings_are_refused() {
    let cases: [(&[&str], &str); 10] = [
        (&["--cert", "Cargo.toml"], "--key"),
        (&["--key", "Cargo.toml"], "--cert"),
        (&["--pfx", "Cargo.toml", "--cert", "Cargo.toml", "--key", "Cargo.toml"], "leave out either"),
        (&["--pfx-password-file", "Cargo.toml"], "--pfx"),
        (&["--model", "src", "--no-pests"], "--no-pests is for the built-in model; leave out either it or --model src"),
        (&["--request-timeout", "14s"], "--request-timeout 14s is shorter than stall-timeout (15s by default)"),
        (&["--request-timeout", "20s", "--inference-timeout", "21s"], "inference-timeout"),
        (&["--max-photo", "25MiB"], "max-photo"),
        (&["--upload-memory", "23MiB"], "upload-memory"),
        (&["--listen", "127.0.0.1:9090"], "metrics-listen"),
    ];
    for (flags, part) in cases {
        let faults = faults(flags, &[]);
        assert!(faults.len() == 1 && faults[0].contains(part), "{flags:?}: {faults:#?}");
    }
    assert_eq!(settings(&["--listen", "127.0.0.1:9090", "--metrics-listen", "off"], &[]).metrics, None);
}

#[test]
fn contradicting_settings_are_named_as_typed() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "request-timeout = \"5s\"\ncert = \"relay.toml\"\n");
    let variables = [("MANGO_RELAY_INFERENCE_TIMEOUT", "6s"), ("MANGO_RELAY_PFX", "Cargo.toml")];
    let faults = faults(&["--config", &file, "--stall-timeout", "7s"], &variables);
    let certificate = format!("cert = {file} ({file}, line 2)");
    for fault in [
        format!(
            "request-timeout = 5s ({file}, line 1) is shorter than --stall-timeout 7s, which would never be reached"
        ),
        format!(
            "request-timeout = 5s ({file}, line 1) is shorter than MANGO_RELAY_INFERENCE_TIMEOUT=6s, which would never \
             be reached"
        ),
        format!("{certificate}: give key too, the certificate's private key (--key FILE)"),
        format!("MANGO_RELAY_PFX=Cargo.toml holds certificate and key; leave out either it or {certificate}"),
    ] {
        assert!(faults.contains(&fault), "{fault}\n{faults:#?}");
    }
    assert_eq!(faults.len(), 4, "{faults:#?}");
}

#[test]
fn missing_files_are_listed_with_their_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "gallery = [\"a.gallery\", \"b.gallery\"]\nmodel = \"relay.toml\"\n");
    fs::write(folder.path().join("a.gallery"), "").unwrap();
    let faults = faults(&["--config", &file, "--device-model", "missing"], &[]);
    let missing = folder.path().join("b.gallery");
    assert_eq!(faults.len(), 3, "{faults:#?}");
    assert!(
        faults.iter().any(|fault| fault.contains(&format!("line 1: gallery = {}: cannot be read", missing.display())))
    );
    assert!(
        faults.iter().any(|fault| fault.contains("line 2: model") && fault.contains("give a folder")),
        "{faults:#?}"
    );
    assert!(faults.iter().any(|fault| fault.starts_with("--device-model missing: cannot be read")), "{faults:#?}");
    let gone = folder.path().join("gone.toml");
    assert!(resolve_with(&["--config", gone.to_str().unwrap()], &[]).unwrap_err().to_string().contains("gone.toml"));
}

#[test]
fn invalid_toml_is_reported_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "queue = 3\nlisten = = 4\n");
    let faults = faults(&["--config", &file], &[]);
    assert!(faults.iter().any(|fault| fault.contains("relay.toml, line 2: not TOML")), "{faults:#?}");
}

#[test]
fn the_printed_file_has_the_same_settings() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a \"b\".gallery"), "").unwrap();
    let gallery = folder.path().join("a \"b\".gallery");
    let flags = [
        "--listen",
        "[::1]:0",
        "--gallery",
        gallery.to_str().unwrap(),
        "--workers",
        "3",
        "--tls",
        "1.2",
        "--max-photo",
        "1000001",
        "--idle-timeout",
        "1500ms",
        "--no-pests",
        "--trusted-proxy",
        "10.0.0.0/8",
        "--trusted-proxy",
        "::1",
        "--allow-origin",
        "https://h5.example",
        "--rate-limit",
        "30",
        "--metrics-listen",
        "off",
    ];
    let made = resolve_with(&flags, &[]).unwrap();
    let file = config(folder.path(), &made.to_toml());
    let again = settings(&["--config", &file], &[]);
    assert_eq!(format!("{:?}", made.settings), format!("{again:?}"));
    let read = Settings::from_toml(Path::new(&file), &made.to_toml()).unwrap();
    assert_eq!(format!("{:?}", read.settings), format!("{again:?}"));
}

#[test]
fn the_reference_has_every_setting_and_its_default() {
    let reference = include_str!("../../docs/settings.md");
    let Resolved { rows, .. } = resolve_with(&[], &[]).unwrap();
    for row in rows {
        let flag = format!("--{}", row.name);
        let line = reference.lines().find(|line| line.starts_with('|') && line.contains(&flag));
        let line = line.unwrap_or_else(|| panic!("{flag}"));
        for value in &row.values {
            assert!(line.contains(&format!("`{}`", value.to_str().unwrap())), "{flag}: {line}");
        }
    }
}

#[test]
fn a_former_name_is_accepted_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let file = config(folder.path(), "max-body-of-several = \"12MB\"\n");
    let limit = |flags: &[&str], variables: &[(&str, &str)]| {
        let Resolved { settings, warnings, .. } = resolve_with(flags, variables).unwrap();
        (settings.limits.request_size, warnings)
    };
    let (bytes, warnings) = limit(&["--max-body-of-several", "10MB"], &[("MANGO_RELAY_MAX_REQUEST_SIZE", "11MB")]);
    assert_eq!(bytes, 10_000_000);
    assert_eq!(warnings, ["--max-body-of-several 10MB: this setting is called max-request-size now"]);
    let (bytes, warnings) = limit(&["--config", &file], &[]);
    assert!(bytes == 12_000_000 && warnings[0].contains("line 1: max-body-of-several = 12MB: "), "{warnings:?}");
    let (bytes, warnings) = limit(&["--config", &file], &[("MANGO_RELAY_MAX_BODY_OF_SEVERAL", "13MB")]);
    assert!(bytes == 13_000_000 && warnings[0].starts_with("MANGO_RELAY_MAX_BODY_OF_SEVERAL=13MB: "), "{warnings:?}");
    // The present name overrides the former one.
    let both = ["--max-body-of-several", "10MB", "--max-request-size", "14MB"];
    assert_eq!(limit(&both, &[]), (14_000_000, Vec::new()));
}
