//! Removes sections of a wasm module that phones do not accept.

use anyhow::{Context, Result, ensure};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const EXPORTS: u8 = 7;

/// The kind of a global in the export section.
const GLOBAL: u8 = 3;

/// The module without the custom section of that name.
///
/// # Errors
/// The bytes are not a wasm module.
pub(super) fn without_custom(module: &[u8], name: &str) -> Result<Vec<u8>> {
    let mut kept = HEADER.to_vec();
    for Section { id, body } in sections(module)? {
        if id != CUSTOM || section_name(body) != Some(name.as_bytes()) {
            write_section(&mut kept, id, body);
        }
    }
    Ok(kept)
}

/// The module without exported globals, which iOS does not accept.
///
/// # Errors
/// The bytes are not a wasm module.
pub(super) fn without_exported_globals(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = HEADER.to_vec();
    for Section { id, body } in sections(module)? {
        if id == EXPORTS {
            write_section(&mut kept, id, &other_exports(body).context("the exports are cut off")?);
        } else {
            write_section(&mut kept, id, body);
        }
    }
    Ok(kept)
}

struct Section<'a> {
    id: u8,
    body: &'a [u8],
}

fn sections(module: &[u8]) -> Result<Vec<Section<'_>>> {
    ensure!(module.starts_with(HEADER), "this is not a wasm module of version 1");
    let mut sections = Vec::new();
    let mut at = HEADER.len();
    while at < module.len() {
        let (length, start) = number(module, at + 1).context("the module is cut off")?;
        let end = start.checked_add(length).filter(|end| *end <= module.len()).context("the module is cut off")?;
        sections.push(Section { id: module[at], body: &module[start..end] });
        at = end;
    }
    Ok(sections)
}

fn write_section(module: &mut Vec<u8>, id: u8, body: &[u8]) {
    module.push(id);
    write_number(module, body.len());
    module.extend(body);
}

/// The body of the export section without globals; none if it is cut off.
fn other_exports(body: &[u8]) -> Option<Vec<u8>> {
    let (count, mut at) = number(body, 0)?;
    let mut kept: Vec<u8> = Vec::new();
    let mut left = 0;
    for _ in 0..count {
        let (length, name) = number(body, at)?;
        let kind = name.checked_add(length)?;
        let (_, end) = number(body, kind + 1)?;
        if *body.get(kind)? != GLOBAL {
            kept.extend(&body[at..end]);
            left += 1;
        }
        at = end;
    }
    let mut exports = Vec::new();
    write_number(&mut exports, left);
    exports.extend(kept);
    Some(exports)
}

/// As unsigned LEB128.
fn write_number(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn section_name(section: &[u8]) -> Option<&[u8]> {
    let (length, start) = number(section, 0)?;
    section.get(start..start.checked_add(length)?)
}

/// An unsigned LEB128 number and where it ends.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

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
