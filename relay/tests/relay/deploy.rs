//! Checks of `relay/deploy` against the relay: the settings in its files, and the metrics that they use.

use std::collections::BTreeSet;

use crate::common::{Relay, TestModel, program};
use crate::config::row;
use mango_inference::PhotoLimits;
use mango_relay_harness::Home;

/// Files that set variables, and the least number of variables in each.
const FILES: [(&str, &str, usize); 5] = [
    ("Dockerfile", include_str!("../../deploy/Dockerfile"), 2),
    ("mango-relay.service", include_str!("../../deploy/systemd/mango-relay.service"), 2),
    ("deployment.yaml", include_str!("../../deploy/kubernetes/deployment.yaml"), 2),
    ("mango-leaf.yaml", include_str!("../../deploy/kserve/mango-leaf.yaml"), 2),
    ("mango-relay.xml", include_str!("../../deploy/windows/mango-relay.xml"), 2),
];

/// The settings in a file, without comments.
fn settings(text: &str) -> Vec<(String, String)> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let code = code.join("\n");
    let mut settings = Vec::new();
    for (place, _) in code.match_indices("MANGO_RELAY_") {
        let rest = &code[place..];
        let end = rest.find(|other: char| !other.is_ascii_uppercase() && other != '_').unwrap();
        let (name, rest) = rest.split_at(end);
        // NAME=value in a Dockerfile or unit, value: below the name in YAML, value="" in XML.
        let rest = rest.trim_start_matches(['"', '=', ' ', '\n']);
        let value = ["value:", "value=\""].into_iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest);
        let value = value.trim_start().split(['"', ' ', '\n']).next().unwrap();
        settings.push((name.to_owned(), value.to_owned()));
    }
    settings
}

#[test]
fn every_setting_in_the_files_exists() {
    for (file, text, least) in FILES {
        let settings = settings(text);
        assert!(settings.len() >= least, "{file}: {settings:?}");
        let home = Home::new().unwrap();
        let mut command = program();
        command.env_clear();
        home.set(&mut command);
        let done = command.args(["config", "check"]).envs(settings.clone()).output().unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{file}: {settings:?}: {stdout}{stderr}");
        for (name, value) in settings {
            let setting = name.strip_prefix("MANGO_RELAY_").unwrap().to_lowercase().replace('_', "-");
            // A single address is shown as a network.
            let shown = if setting == "trusted-proxy" { format!("{value}/32") } else { value };
            assert_eq!(row(&stdout, &setting), [&setting, &shown, "environment"], "{file}");
        }
    }
}

/// The worst-case memory of a relay with that many workers and otherwise default settings, bytes, as computed in
/// `deploy/README.md`.
fn worst(workers: u64) -> u64 {
    let (program, connections, uploads) = (70_000_000, 2048 * 64_000, 64 * (8 << 20));
    program + connections + uploads + workers * PhotoLimits::default().max_alloc
}

#[test]
fn memory_limits_cover_the_worst_case() {
    let [_, (_, unit, _), (_, deployment, _), (_, kserve, _), _] = FILES;
    let after = |text: &str, mark: &str| -> u64 {
        let (_, rest) = text.rsplit_once(mark).unwrap_or_else(|| panic!("{mark} is not there"));
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    let workers = after(unit, "\nEnvironment=MANGO_RELAY_WORKERS=");
    assert!(after(unit, "\nMemoryHigh=") << 20 > worst(workers) && unit.contains("\nMemoryMax=2G\n"));
    for pod in [deployment, kserve] {
        let (_, limits) = pod.split_once(" limits:\n").unwrap();
        assert!(limits.contains("memory: 2Gi\n"), "{limits}");
        let (cpu, _) = limits.split_once("memory:").unwrap();
        assert!(2 << 30 > worst(after(cpu, "cpu: \"")), "{cpu}");
    }
}

#[test]
fn the_image_is_built_from_every_member_of_the_workspace_and_the_mini_program() {
    let workspace: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let allowed = include_str!("../../deploy/Dockerfile.dockerignore");
    let folders = members.iter().map(|member| member.as_str().unwrap().split('/').next().unwrap());
    for folder in folders.chain(["miniprogram"]) {
        assert!(allowed.lines().any(|line| line == format!("!{folder}")), "{folder} is not sent to the builder");
    }
}

/// Names of metrics in a text, those of histograms without their suffixes.
fn metrics(text: &str) -> BTreeSet<&str> {
    let name = |(place, _)| {
        let rest: &str = &text[place..];
        let end = rest.find(|other: char| !other.is_ascii_lowercase() && other != '_').unwrap_or(rest.len());
        let whole = &rest[..end];
        ["_bucket", "_count", "_sum"].iter().find_map(|part| whole.strip_suffix(part)).unwrap_or(whole)
    };
    text.match_indices("mango_relay_").map(name).collect()
}

#[tokio::test]
async fn every_metric_of_the_dashboard_and_the_alerts_exists() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let (_, text) = relay.metrics().await;
    let measured: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    for (file, text) in [
        ("mango-relay.json", include_str!("../../deploy/grafana/mango-relay.json")),
        ("mango-relay.rules.yml", include_str!("../../deploy/prometheus/mango-relay.rules.yml")),
    ] {
        let watched = metrics(text);
        assert!(watched.len() > 5, "{file}: {watched:?}");
        let unknown: Vec<_> = watched.difference(&measured).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?} is not among {measured:?}");
    }
}
