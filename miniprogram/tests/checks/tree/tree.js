"use strict";
const fs = require("node:fs");
const path = require("node:path");

/** The mini-program's folder. */
const APP = path.join(__dirname, "..", "..", "..");

/** What lies in it and is no part of the package. */
const OUTSIDE = new Set(["tests", "types", "README.md"]);

/**
 * Files of the package, by their paths in it.
 * @param {RegExp} [pattern]
 * @returns {string[]}
 */
function files(pattern = /./) {
  const all = fs.readdirSync(APP, { withFileTypes: true }).filter(({ name }) => !OUTSIDE.has(name) && !name.startsWith("."));
  const found = all.flatMap((entry) => (entry.isDirectory() ? walk(entry.name) : [entry.name]));
  return found.filter((file) => pattern.test(file) && !file.endsWith(".d.ts")).sort();
}

/** @param {string} folder @returns {string[]} */
function walk(folder) {
  return fs.readdirSync(path.join(APP, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? walk(file) : [file];
  });
}

/** @param {string} file */
const text = (file) => fs.readFileSync(path.join(APP, file), "utf8");

module.exports = { APP, files, text };
