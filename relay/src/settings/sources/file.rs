//! Settings from a configuration file.

use std::ffi::OsString;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::given::{Given, Layer, Origin, insert};
use super::near::nearest;
use crate::output::terminal::printable;
use crate::settings::definitions::{Definition, all};
use crate::settings::fault::Fault;

/// The settings in the text of a configuration file.
pub(super) fn layer(file: &Path, text: &str, faults: &mut Vec<Fault>) -> Layer {
    let (table, errors) = DeTable::parse_recoverable(text);
    let file_name = || file.to_owned();
    faults.extend(errors.iter().map(|error| {
        let line = line(text, error.span());
        Fault::NotToml { file: file_name(), line, error: error.message().to_owned() }
    }));
    let mut layer = Layer::default();
    for (key, value) in table.get_ref() {
        let line = line(text, Some(key.span()));
        let found = all().find_map(|setting| Some((setting, setting.known_as(key.get_ref())?)));
        let Some((setting, name)) = found else {
            let near = nearest(key.get_ref(), all().map(|setting| setting.name().to_owned()));
            faults.push(Fault::UnknownKey { file: file_name(), line, key: printable(key.get_ref()), near });
            continue;
        };
        match texts(setting, value.get_ref()) {
            Some(texts) => {
                let values = texts.into_iter().map(|text| seen_from(file, setting, text)).collect();
                let origin = Origin::File { file: file_name(), line };
                insert(&mut layer, setting, Given { name, values, origin });
            }
            None => {
                let place = format!("{}, line {line}: {name}", file.display());
                let wrong =
                    if setting.arity().several() { "give a list of strings" } else { "give a string or a number" };
                faults.push(Fault::Value { place, wrong: wrong.to_owned() });
            }
        }
    }
    layer
}

/// The line of a span, the first being 1.
fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or(text);
    before.matches('\n').count() + 1
}

fn texts(setting: &dyn Definition, value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::Array(values) if setting.arity().several() => {
            values.iter().map(|value| one(value.get_ref())).collect()
        }
        value => one(value).map(|text| vec![text]),
    }
}

fn one(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// Resolves a path relative to the configuration file's folder.
fn seen_from(file: &Path, setting: &dyn Definition, text: String) -> OsString {
    match file.parent() {
        Some(folder) if setting.arity().of_paths() && !text.is_empty() => folder.join(text).into_os_string(),
        _ => text.into(),
    }
}
