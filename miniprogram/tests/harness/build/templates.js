"use strict";
const { TmplGroup } = require("glass-easel-template-compiler");

const { resolve } = require("./tree");

/**
 * WXML and WXS through WeChat's own compiler, to one expression whose value renders every template.
 *
 * Its warnings are problems: an unclosed tag is no more than a warning to it.
 * @param {import("./tree").Source} source
 * @param {Iterable<string>} parts pages and components
 * @param {string[]} problems
 * @returns {string}
 */
function compileTemplates(source, parts, problems) {
  const group = new TmplGroup();
  const seen = new Set();
  /** @param {string} name */
  function addScript(name) {
    const file = `${name.replace(/\.wxs$/, "")}.wxs`;
    if (seen.has(file)) return;
    seen.add(file);
    if (!source.has(file)) return void problems.push(`${file} is missing`);
    const text = source.text(file);
    // `<wxs src>` looks for it without the suffix, `require` with it.
    group.addScript(file.slice(0, -".wxs".length), text);
    group.addScript(file, text);
    for (const [, target] of text.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g)) addScript(resolve(file, target));
  }
  /** @param {string} name */
  function addTemplate(name) {
    const file = `${name}.wxml`;
    if (seen.has(file) || !source.has(file)) return;
    seen.add(file);
    for (const warning of group.addTmpl(name, source.text(file)) || []) {
      problems.push(`${file}:${warning.startLine + 1}:${warning.startColumn + 1}: ${warning.message}`);
    }
    for (const other of group.getDirectDependencies(name)) {
      if (!source.has(`${other}.wxml`)) problems.push(`${file}: ${other}.wxml is missing`);
      addTemplate(other);
    }
    for (const script of group.getScriptDependencies(name)) addScript(script);
  }
  for (const part of parts) addTemplate(part);
  return group.getTmplGenObjectGroups();
}

module.exports = { compileTemplates };
