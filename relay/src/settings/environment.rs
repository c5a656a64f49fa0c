//! Settings in environment variables.

use std::ffi::OsString;

use super::definitions::{CONFIG, all};
use super::fault::Fault;
use super::near::nearest;
use super::setting::Definition;
use super::sources::{Given, Layer, Origin};

/// What the relay's variables begin with.
pub(super) const PREFIX: &str = "MANGO_RELAY_";

/// Of the variables that begin so, the one that is no setting, since its value is a secret.
const PASSWORD: &str = "MANGO_RELAY_PFX_PASSWORD";

/// What stands between several values in one variable.
const SEPARATOR: char = ',';

/// The settings among these variables. An empty one counts as not set, as container tools leave them.
pub(super) fn layer(variables: impl Iterator<Item = (OsString, OsString)>, faults: &mut Vec<Fault>) -> Layer {
    let mut layer = Layer::default();
    for (variable, value) in variables {
        let Some(variable) = variable.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        match known().find(|setting| setting.variable() == variable) {
            Some(_) if value.is_empty() => {}
            Some(setting) => {
                layer.insert(setting.name(), Given { values: split(setting, value), origin: Origin::Environment });
            }
            None if variable == PASSWORD || is_service_link(variable) => {}
            None => {
                let near = nearest(variable, known().map(Definition::variable));
                faults.push(Fault::UnknownVariable { name: variable.to_owned(), near });
            }
        }
    }
    layer
}

fn known() -> impl Iterator<Item = &'static dyn Definition> {
    std::iter::once(&CONFIG as &dyn Definition).chain(all())
}

fn split(setting: &dyn Definition, value: OsString) -> Vec<OsString> {
    match value.to_str() {
        Some(text) if setting.shape().several() => text.split(SEPARATOR).map(|part| part.trim().into()).collect(),
        _ => vec![value],
    }
}

/// Whether Kubernetes set the variable: in each pod it names the host and ports of every service, those of one called
/// `mango-relay` with this prefix (`MANGO_RELAY_SERVICE_HOST`, `MANGO_RELAY_PORT_8080_TCP_ADDR`).
fn is_service_link(variable: &str) -> bool {
    let words: Vec<&str> = variable.trim_start_matches(PREFIX).split('_').collect();
    words.ends_with(&["SERVICE", "HOST"])
        || words.windows(2).any(|pair| pair == ["SERVICE", "PORT"])
        || words.last() == Some(&"PORT")
        || words.windows(3).any(|three| {
            three[0] == "PORT" && three[1].parse::<u16>().is_ok() && ["TCP", "UDP", "SCTP"].contains(&three[2])
        })
}
