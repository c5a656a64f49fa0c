"use strict";
const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Part a page or a component
 * @property {any} json its configuration, with `usingComponents` as absolute paths
 * @property {boolean} isPage
 *
 * @typedef {object} Source
 * @property {(file: string) => boolean} has
 * @property {(file: string) => string} text
 * @property {(file: string) => Buffer} bytes
 * @property {(suffix: string) => string[]} list
 */

/** What lies in the folder beside the package and never gets into it. */
const OUTSIDE = new Set(["node_modules", "tests", "types", ".git"]);

/**
 * The files of a mini-program. `replace` puts other contents in their place, and takes files away where it says `null`:
 * how a test breaks one thing and leaves the rest real.
 * @param {string} folder
 * @param {Record<string, string | Buffer | null>} [replace]
 * @returns {Source}
 */
function openSource(folder, replace = {}) {
  const replaced = (/** @type {string} */ file) => Object.prototype.hasOwnProperty.call(replace, file);
  /** @param {string} file */
  function bytes(file) {
    if (!replaced(file)) return fs.readFileSync(path.join(folder, file));
    const content = replace[file];
    if (content === null) throw Object.assign(new Error(`${file} was taken away`), { code: "ENOENT" });
    return Buffer.from(content);
  }
  /** @param {string} below @returns {string[]} */
  function walk(below) {
    return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
      if (OUTSIDE.has(entry.name)) return [];
      const file = path.posix.join(below, entry.name);
      return entry.isDirectory() ? walk(file) : [file];
    });
  }
  return {
    has: (file) => (replaced(file) ? replace[file] !== null : isFile(path.join(folder, file))),
    bytes,
    text: (file) => bytes(file).toString("utf8"),
    list: (suffix) => {
      const names = new Set([...walk(""), ...Object.keys(replace)]);
      return [...names].filter((file) => file.endsWith(suffix) && replace[file] !== null).sort();
    },
  };
}

/** @param {string} file */
function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Pages and components, reached from app.json.
 * @param {Source} source
 * @param {string[]} problems
 */
function readTree(source, problems) {
  const app = JSON.parse(source.text("app.json"));
  /** @type {{ root: string, pages: string[] }[]} */
  const packages = app.subPackages || app.subpackages || [];
  /** @type {string[]} */
  const pages = [...app.pages, ...packages.flatMap(({ root, pages }) => pages.map((page) => path.posix.join(root, page)))];
  /** @type {Map<string, Part>} */
  const parts = new Map();
  /** @param {string} file @param {boolean} isPage */
  function visit(file, isPage) {
    if (parts.has(file)) return;
    const json = source.has(`${file}.json`) ? JSON.parse(source.text(`${file}.json`)) : {};
    if (!source.has(`${file}.js`)) problems.push(`${file}.js is missing`);
    if (!source.has(`${file}.wxml`)) problems.push(`${file}.wxml is missing`);
    /** @type {Record<string, string>} */
    const using = {};
    for (const [tag, target] of Object.entries({ ...app.usingComponents, ...json.usingComponents })) {
      const component = resolve(file, target);
      if (source.has(`${component}.json`)) using[tag] = `/${component}`;
      else problems.push(`${file}.json: usingComponents.${tag} is ${target}, which is not there`);
    }
    parts.set(file, { json: { ...json, usingComponents: using }, isPage });
    for (const component of Object.values(using)) visit(component.slice(1), false);
  }
  for (const page of pages) visit(page, true);
  return { app, pages, parts };
}

/**
 * @param {string} from the file that names it
 * @param {string} target
 */
function resolve(from, target) {
  return target.startsWith("/") ? target.slice(1) : path.posix.join(path.posix.dirname(from), target);
}

module.exports = { openSource, readTree, resolve };
