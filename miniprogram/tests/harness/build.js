"use strict";
const { BUILT_IN } = require("./build/built-in");
const { compileStyles } = require("./build/styles");
const { compileTemplates } = require("./build/templates");
const { openSource, readTree } = require("./build/tree");

/**
 * @typedef {object} Built a mini-program, made ready for the browser
 * @property {import("./build/tree").Source} source
 * @property {string[]} problems what WeChat would refuse or render wrongly; none where all is well
 * @property {object} program for runtime/main.mjs
 */

/**
 * Compiles a mini-program for the harness.
 * @param {string} folder
 * @param {{ replace?: Record<string, string | Buffer | null> }} [options]
 * @returns {Built}
 */
function build(folder, { replace } = {}) {
  const source = openSource(folder, replace);
  /** @type {string[]} */
  const problems = [];
  const { app, pages, parts } = readTree(source, problems);
  const templates = compileTemplates(source, parts.keys(), problems);
  const { styles, scopes } = compileStyles(source, parts, problems);
  const theme = app.themeLocation && source.has(app.themeLocation) ? JSON.parse(source.text(app.themeLocation)) : {};
  const scripts = Object.fromEntries(source.list(".js").map((file) => [file, source.text(file)]));
  const configs = Object.fromEntries([...parts].map(([name, { json }]) => [name, json]));
  const program = { app, pages, configs, templates, styles, scopes, theme, scripts, builtIn: [...BUILT_IN] };
  return { source, problems, program };
}

module.exports = { build };
