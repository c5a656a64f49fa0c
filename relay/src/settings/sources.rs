//! The sources of settings.

mod environment;
mod file;
mod flags;
mod given;
mod near;

pub use flags::ServeArgs;
pub(super) use given::Given;
pub use given::Origin;

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::definitions::{CONFIG, Definition, with_config};
use super::fault::Fault;
use given::{Layer, insert};

/// All layers, in order of precedence.
#[derive(Debug)]
pub(super) struct Sources {
    layers: [Layer; 3],
}

impl Sources {
    /// The layers of these flags and variables, and of the configuration file that they name, with the errors in them.
    pub(super) fn gather(
        args: &ServeArgs,
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut flags = Layer::default();
        for (name, values) in args.given() {
            if let Some(setting) = with_config().find(|setting| setting.known_as(name).is_some()) {
                insert(&mut flags, setting, Given { name, values: values.to_vec(), origin: Origin::Flag });
            }
        }
        let environment = environment::layer(variables, &mut faults);
        let mut sources = Self { layers: [flags, environment, Layer::default()] };
        if let Some(path) = sources.find(CONFIG.name()).and_then(|given| given.values.first()).cloned() {
            sources.layers[2] = read(Path::new(&path), &mut faults);
        }
        (sources, faults)
    }

    /// The layer of the text of a configuration file, with the errors in it.
    pub(super) fn of_file(path: &Path, text: &str) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let layer = file::layer(path, text, &mut faults);
        (Self { layers: [Layer::default(), Layer::default(), layer] }, faults)
    }

    /// A setting as the user typed it; name and default if it is not set.
    pub(super) fn typed(&self, setting: &dyn Definition) -> String {
        match self.find(setting.name()) {
            Some(given) => given.typed(setting),
            None => format!("{} ({} by default)", setting.name(), setting.default()),
        }
    }

    /// The value of a setting with the highest precedence.
    pub(super) fn find(&self, name: &str) -> Option<&Given> {
        self.layers.iter().find_map(|layer| layer.get(name))
    }
}

fn read(path: &Path, faults: &mut Vec<Fault>) -> Layer {
    match fs::read_to_string(path) {
        Ok(text) => file::layer(path, &text, faults),
        Err(error) => {
            faults.push(Fault::Unreadable { file: path.to_owned(), error: error.to_string() });
            Layer::default()
        }
    }
}
