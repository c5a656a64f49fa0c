"use strict";
const fs = require("node:fs");

/**
 * Values in one JSON file: the data of `wx.setStorage`, and the privacy consent.
 * @param {string} file
 */
function openKeep(file) {
  /** @type {Record<string, unknown>} */
  const values = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
  /** @param {() => void} change */
  function commit(change) {
    change();
    fs.writeFileSync(file, JSON.stringify(values));
  }
  return {
    values,
    /** @param {string} key @param {unknown} value */
    set: (key, value) => commit(() => void (values[key] = value)),
    /** @param {string} key */
    remove: (key) => commit(() => void delete values[key]),
    clear: () => commit(() => Object.keys(values).forEach((key) => delete values[key])),
  };
}

module.exports = { openKeep };
