//! Wraps wasm-bindgen's glue in a function, so that each instance of the module has its own glue.
//!
//! wasm-bindgen's glue for bundlers keeps the exports and memory views of one instance in module variables. After a
//! crash a new instance must start without any of them.

use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};

/// The opening of the wrapper, with the globals that the glue needs.
const OPENING: &str = "export function createGlue(TextDecoder, TextEncoder) {\n";

/// The glue as an ES module that exports `createGlue`.
///
/// # Errors
/// wasm-bindgen's output has an unknown construct, or exports nothing.
pub(super) fn wrap(glue: &str) -> Result<String> {
    let mut wrapped = OPENING.to_owned();
    let mut exported = Vec::new();
    for line in glue.lines() {
        if line.starts_with("import ") {
            bail!("the glue imports another file, which createGlue cannot: {line}");
        }
        let Some(declaration) = line.strip_prefix("export ") else {
            writeln!(wrapped, "{line}")?;
            continue;
        };
        if let Some(list) = declaration.strip_prefix('{') {
            let list = list.trim_end_matches(';').trim_end().trim_end_matches('}');
            exported.extend(list.split(',').map(|name| property(name.trim())).filter(|name| !name.is_empty()));
            continue;
        }
        let words: Vec<&str> = declaration.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).collect();
        match words.as_slice() {
            ["class" | "function" | "const" | "let", name, ..] => exported.push((*name).to_owned()),
            _ => bail!("the glue exports something unknown: {line}"),
        }
        writeln!(wrapped, "{declaration}")?;
    }
    ensure!(!exported.is_empty(), "the glue exports nothing");
    writeln!(wrapped, "return {{ {} }};\n}}", exported.join(", "))?;
    Ok(wrapped)
}

/// `a as b` as an object's property.
fn property(name: &str) -> String {
    match name.split_once(" as ") {
        Some((inner, outer)) => format!("{outer}: {inner}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_become_properties() {
        let glue = "let wasm;\nexport function set(val) {\n    wasm = val;\n}\nexport class Scout {\n}\nclass G {\n}\nexport { G as Gallery };\n";
        let wrapped = wrap(glue).unwrap();
        assert_eq!(
            wrapped,
            "export function createGlue(TextDecoder, TextEncoder) {\nlet wasm;\nfunction set(val) {\n    wasm = val;\n}\nclass Scout {\n}\nclass G {\n}\nreturn { set, Scout, Gallery: G };\n}\n"
        );
    }

    #[test]
    fn unknown_constructs_are_refused() {
        for glue in ["import { a } from './b.js';\nexport function c() {}", "export default 3;", "let wasm;"] {
            assert!(wrap(glue).is_err(), "{glue}");
        }
    }
}
