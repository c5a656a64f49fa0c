//! Removes sections of a wasm module that phones do not accept.

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, Module, RawSection};
use wasmparser::{Encoding, ExternalKind, Parser, Payload};

/// The module without the custom section of that name.
///
/// # Errors
/// The bytes are not a wasm module.
pub(super) fn without_custom(module: &[u8], name: &str) -> Result<Vec<u8>> {
    rewrite(module, |payload, _| Ok(matches!(payload, Payload::CustomSection(section) if section.name() == name)))
}

/// The module without exported globals, which iOS does not accept.
///
/// # Errors
/// The bytes are not a wasm module.
pub(super) fn without_exported_globals(module: &[u8]) -> Result<Vec<u8>> {
    rewrite(module, |payload, written| {
        let Payload::ExportSection(exports) = payload else { return Ok(false) };
        let mut others = ExportSection::new();
        for export in exports.clone() {
            let export = export.context("the exports are damaged")?;
            if export.kind != ExternalKind::Global {
                RoundtripReencoder.parse_export(&mut others, export)?;
            }
        }
        written.section(&others);
        Ok(true)
    })
}

/// Copies a module. `replace` gets each section and the copy so far; if it returns true, the section is not copied.
fn rewrite(module: &[u8], replace: impl Fn(&Payload<'_>, &mut Module) -> Result<bool>) -> Result<Vec<u8>> {
    let mut written = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context("this is not a wasm module")?;
        if let Payload::Version { encoding, .. } = payload {
            ensure!(encoding == Encoding::Module, "this is a wasm component, not a module");
        }
        let Some((id, range)) = payload.as_section() else { continue };
        if !replace(&payload, &mut written)? {
            let bounds = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = module.get(bounds).context("a section ends behind the module")?;
            written.section(&RawSection { id, data });
        }
    }
    Ok(written.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    const CUSTOM: u8 = 0;
    const EXPORTS: u8 = 7;
    /// The kind of a global in the export section.
    const GLOBAL: u8 = 3;

    fn custom(name: &str, content: &[u8]) -> Vec<u8> {
        let mut section = vec![CUSTOM, (1 + name.len() + content.len()) as u8, name.len() as u8];
        section.extend(name.as_bytes());
        section.extend(content);
        section
    }

    #[test]
    fn only_the_named_section_is_removed() {
        let [names, features] = [custom("name", b"abc"), custom("target_features", b"\x01+\x0freference-types")];
        // A type section.
        let types = vec![1, 4, 1, 0x60, 0, 0];
        let module = [HEADER, &names, &features, &types].concat();
        assert_eq!(without_custom(&module, "target_features").unwrap(), [HEADER, &names, &types].concat());
        assert_eq!(without_custom(&module, "producers").unwrap(), module);
    }

    #[test]
    fn only_exported_globals_are_removed() {
        let export = |name: &str, kind: u8| [&[name.len() as u8], name.as_bytes(), &[kind, 0]].concat();
        let [memory, global, function] = [export("memory", 2), export("__heap_base", GLOBAL), export("run", 0)];
        let section = |exports: &[&[u8]]| {
            let body = [&[exports.len() as u8][..], &exports.concat()].concat();
            [&[EXPORTS, body.len() as u8], body.as_slice()].concat()
        };
        let module = [HEADER, &section(&[&memory, &global, &function]), &custom("name", b"a")].concat();
        let expected = [HEADER, &section(&[&memory, &function]), &custom("name", b"a")].concat();
        assert_eq!(without_exported_globals(&module).unwrap(), expected);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(without_custom(b"<html>", "name").is_err());
        assert!(without_custom(&[HEADER, &[1, 200]].concat(), "name").is_err());
        assert!(without_custom(&[HEADER, &[1, 9, 0]].concat(), "name").is_err());
    }
}
