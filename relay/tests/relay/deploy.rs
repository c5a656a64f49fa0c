//! The settings in the files of `relay/deploy`: the relay takes them.

use crate::common::{Home, program};

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
