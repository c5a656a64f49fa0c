//! What the files of `relay/deploy` say about the relay: the settings that they set, the metrics that they watch.

use std::collections::BTreeSet;

use crate::common::{Home, Relay, TestModel, program};

/// Files that set variables, and how many of them each sets at least.
const FILES: [(&str, &str, usize); 5] = [
    ("Dockerfile", include_str!("../../deploy/Dockerfile"), 2),
    ("mango-relay.service", include_str!("../../deploy/systemd/mango-relay.service"), 2),
    ("deployment.yaml", include_str!("../../deploy/kubernetes/deployment.yaml"), 2),
    ("mango-leaf.yaml", include_str!("../../deploy/kserve/mango-leaf.yaml"), 2),
    ("mango-relay.xml", include_str!("../../deploy/windows/mango-relay.xml"), 2),
];

/// The settings of a file, comments left out.
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
fn every_setting_in_the_files_is_one() {
    for (file, text, least) in FILES {
        let settings = settings(text);
        assert!(settings.len() >= least, "{file}: {settings:?}");
        let home = Home::new();
        let mut command = program();
        command.env_clear();
        home.holds(&mut command);
        let done = command.args(["config", "check"]).envs(settings.clone()).output().unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{file}: {settings:?}: {stdout}{stderr}");
        for (name, value) in settings {
            assert!(stdout.contains(&value), "{file}: {name}={value} does not arrive: {stdout}");
        }
    }
}

/// Names of metrics in a text, those of a histogram's parts without their ends.
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
async fn what_the_board_and_the_alerts_watch_is_measured() {
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
