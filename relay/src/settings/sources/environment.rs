//! Settings from environment variables.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};

use mango_certificates::PASSWORD_VARIABLE;

use super::given::{Given, Layer, Origin, insert};
use super::near::nearest;
use crate::settings::definitions::{Definition, LISTEN, METRICS_LISTEN, PREFIX, variable, with_config};
use crate::settings::fault::Fault;

/// The separator of several values in one variable.
const SEPARATOR: char = ',';

/// The settings among these variables. An empty variable counts as not set, since container tools set variables to
/// nothing.
pub(super) fn layer(variables: impl Iterator<Item = (OsString, OsString)>, faults: &mut Vec<Fault>) -> Layer {
    let mut layer = Layer::default();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        match with_config().find_map(|setting| Some((setting, known_as(setting, name)?))) {
            Some(_) if value.is_empty() => {}
            Some((setting, known)) => {
                let given = Given { name: known, values: split(setting, value), origin: Origin::Environment };
                insert(&mut layer, setting, given);
            }
            // The password is a secret, not a setting.
            None if name == PASSWORD_VARIABLE => {}
            None if value.to_str().is_some_and(|value| is_service_link(name, value)) => {}
            None => {
                let names = || with_config().map(|setting| variable(setting.name()));
                faults.push(Fault::UnknownVariable {
                    name: name.to_owned(),
                    near: address(name).or_else(|| nearest(name, names())),
                });
            }
        }
    }
    layer
}

/// The setting's name or former name, if the variable is of that name.
fn known_as(setting: &dyn Definition, name: &str) -> Option<&'static str> {
    [Some(setting.name()), setting.former()].into_iter().flatten().find(|known| variable(known) == name)
}

fn split(setting: &dyn Definition, value: OsString) -> Vec<OsString> {
    match value.to_str() {
        Some(text) if setting.arity().several() => text.split(SEPARATOR).map(|part| part.trim().into()).collect(),
        _ => vec![value],
    }
}

/// The suggestion for a variable that gives a port or a host alone.
fn address(name: &str) -> Option<String> {
    let words: Vec<&str> = name.strip_prefix(PREFIX)?.split('_').collect();
    let setting: &dyn Definition = if words.contains(&"METRICS") { &METRICS_LISTEN } else { &LISTEN };
    words.iter().any(|word| ["HOST", "PORT"].contains(word)).then(|| variable(setting.name()))
}

/// Whether Kubernetes set the variable. In each pod Kubernetes sets the host and ports of every service, and those of a
/// service called `mango-relay` have this prefix (`MANGO_RELAY_SERVICE_HOST`, `MANGO_RELAY_PORT_8080_TCP_ADDR`). A user
/// who wants to set the port gives another value to such a name, which is an error.
fn is_service_link(name: &str, value: &str) -> bool {
    let words: Vec<&str> = name.trim_start_matches(PREFIX).split('_').collect();
    let is_port = || value.parse::<u16>().is_ok();
    let is_host = || value.parse::<IpAddr>().is_ok();
    let of_port = words.windows(3).position(|three| {
        three[0] == "PORT" && three[1].parse::<u16>().is_ok() && PROTOCOLS.contains(&three[2].to_lowercase().as_str())
    });
    match of_port.map(|place| &words[place + 3..]) {
        Some([]) => is_url(value),
        Some(["PROTO"]) => PROTOCOLS.contains(&value),
        Some(["PORT"]) => is_port(),
        Some(["ADDR"]) => is_host(),
        Some(_) => false,
        None if words.ends_with(&["SERVICE", "HOST"]) => is_host(),
        None if words.windows(2).any(|pair| pair == ["SERVICE", "PORT"]) => is_port(),
        None => words.last() == Some(&"PORT") && is_url(value),
    }
}

/// Protocols of a service in Kubernetes.
const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// Whether a value is like `tcp://10.0.0.11:8080`.
fn is_url(value: &str) -> bool {
    value
        .split_once("://")
        .is_some_and(|(protocol, socket)| PROTOCOLS.contains(&protocol) && socket.parse::<SocketAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::definitions::all;

    #[test]
    fn no_settings_variable_is_ignored() {
        for setting in all() {
            let variables = [(variable(setting.name()).into(), "1".into())];
            assert!(!layer(variables.into_iter(), &mut Vec::new()).is_empty(), "{}", setting.name());
        }
    }
}
