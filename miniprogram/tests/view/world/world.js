// @ts-check
const fs = require("node:fs");
const path = require("node:path");
const { lines, translator } = require("../../../i18n/index.js");
const { parseCatalog } = require("../../../scanner/answer/catalog.js");

const catalog = parseCatalog(fs.readFileSync(path.join(__dirname, "../../../../models/catalog.json"), "utf8"));

/**
 * @param {Partial<ViewContext>} [changes]
 * @returns {ViewContext}
 */
function contextOf(changes = {}) {
  const language = changes.language || "zh";
  return {
    language,
    t: translator(language),
    lines: (key) => lines(language, key),
    catalog,
    taught: [],
    hasRelay: true,
    ...changes,
  };
}

/**
 * @param {Prediction["verdict"]} verdict
 * @param {[string, number][]} ranked
 * @param {Partial<Prediction>} [more]
 * @returns {Prediction}
 */
function predictionOf(verdict, ranked, more = {}) {
  /** @type {RankedClass[]} */
  const classes = ranked.map(([id, probability]) => ({ id, probability, basis: "trained" }));
  return { model: { name: "leaf-mini", version: "0.1.0" }, verdict, classes, ...more };
}

/**
 * @param {Partial<Scan>} changes
 * @returns {Scan}
 */
function scanOf(changes) {
  return {
    id: "000001700000000-abcdef",
    takenAt: 1700000000000,
    state: "answered",
    photos: ["scans/000001700000000-abcdef/0.jpg"],
    count: 1,
    thumbnail: null,
    phone: null,
    relay: null,
    shown: null,
    problem: null,
    detail: null,
    attempts: 0,
    nextAttempt: 0,
    wanted: false,
    held: false,
    phoneProblem: null,
    tries: 0,
    ...changes,
  };
}

/**
 * A scan that the phone answered.
 * @param {Prediction} prediction
 * @param {Partial<Scan>} [changes]
 */
function byPhone(prediction, changes = {}) {
  return scanOf({ phone: prediction, shown: { source: "phone", prediction }, ...changes });
}

/**
 * A scan that the relay answered.
 * @param {Prediction} prediction
 * @param {Partial<Scan>} [changes]
 */
function byRelay(prediction, changes = {}) {
  return scanOf({ relay: prediction, shown: { source: "relay", prediction }, ...changes });
}

module.exports = { catalog, contextOf, predictionOf, scanOf, byPhone, byRelay };
