// @ts-check
const { choiceName } = require("../guide/compare.js");
const { historyRow, partName, summary } = require("./history.js");
const { problemLine } = require("../text/problem.js");
const { soughtParts } = require("../answer/subject.js");
const { clockTime, isoDay } = require("../text/time.js");

/**
 * The scans as CSV for spreadsheets, with the texts of the pages. Starts with a byte order mark, without which Excel garbles
 * Chinese.
 * @param {Scan[]} scans
 * @param {ViewContext} context
 */
function csv(scans, context) {
  const rows = [context.lines("csv.columns"), ...scans.map((scan) => row(scan, context))];
  return `\ufeff${rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

/**
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {string[]}
 */
function row(scan, context) {
  const { title, latin, probability } = summary(scan, context);
  const { shown } = scan;
  return [
    `${isoDay(scan.takenAt)} ${clockTime(scan.takenAt)}`,
    stateWord(scan, context),
    shown ? context.t(shown.source === "relay" ? "state.byRelay" : "state.byPhone") : "",
    shown ? verdictWord(shown.prediction, context) : "",
    shown ? title : "",
    latin,
    partName(scan, context),
    probability === null ? "" : probability.toFixed(3),
    String(scan.count),
    shown ? `${shown.prediction.model.name} ${shown.prediction.model.version}` : "",
    scan.choice ? choiceName(scan.choice, context) : "",
    scan.problem && scan.problem !== "no_relay" ? problemLine(scan.problem, context) : "",
  ];
}

/** @param {Prediction} prediction @param {ViewContext} context */
function verdictWord(prediction, context) {
  if (prediction.verdict !== "not_mango_leaf") return context.t(`csv.${prediction.verdict}`);
  return context.t("card.notLeaf", { what: soughtParts(prediction, context) });
}

/** Where the answer came from has a column of its own. @param {Scan} scan @param {ViewContext} context */
function stateWord(scan, context) {
  return scan.state === "answered" ? context.t("state.answered") : historyRow(scan, context).chip.text;
}

/** @param {string} text */
function cell(text) {
  // A spreadsheet would run a label that begins like a formula.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

module.exports = { csv };
