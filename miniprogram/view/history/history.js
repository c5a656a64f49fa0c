// @ts-check
const { choiceOf } = require("../guide/compare.js");
const { percent } = require("../text/percent.js");
const { isProvisional } = require("../answer/source.js");
const { subjectOf } = require("../answer/subject.js");
const { clockTime, dayName } = require("../text/time.js");
const { isStuck } = require("../answer/waiting.js");

/**
 * @typedef {object} HistoryRow
 * @property {string} id
 * @property {string} title
 * @property {string} latin
 * @property {string} percent empty without an answer
 * @property {string} time
 * @property {string} part of the tree; empty if unknown
 * @property {string} photos number of photos, if more than one
 * @property {string} choice the grower's choice; empty without one
 * @property {Chip} chip
 * @property {string | null} thumbnail file in the scan's folder
 */

/** @typedef {{ day: string, rows: HistoryRow[] }} HistoryDay */

/**
 * Scans by day, newest first.
 * @param {Scan[]} scans newest first
 * @param {number} now milliseconds
 * @param {ViewContext} context
 * @returns {HistoryDay[]}
 */
function historyDays(scans, now, context) {
  /** @type {HistoryDay[]} */
  const days = [];
  for (const scan of scans) {
    const day = dayName(scan.takenAt, now, context);
    const last = days[days.length - 1];
    if (last && last.day === day) last.rows.push(historyRow(scan, context));
    else days.push({ day, rows: [historyRow(scan, context)] });
  }
  return days;
}

/** @param {Scan} scan @param {ViewContext} context @returns {HistoryRow} */
function historyRow(scan, context) {
  const { title, latin, probability } = summary(scan, context);
  const choice = choiceOf(scan, context);
  return {
    id: scan.id,
    title,
    latin,
    percent: probability === null ? "" : percent(probability),
    time: clockTime(scan.takenAt),
    part: partName(scan, context),
    photos: scan.count > 1 ? context.t("history.photos", { n: scan.count }) : "",
    choice: choice ? choice.text : "",
    chip: stateChip(scan, context),
    thumbnail: scan.thumbnail || scan.photos[0] || null,
  };
}

/**
 * The answer in one line.
 * @param {Scan} scan
 * @param {ViewContext} context
 * @returns {Pick<Subject, "about" | "title" | "latin" | "probability">}
 */
function summary({ shown, state }, context) {
  if (shown) return subjectOf(shown.prediction, context);
  return { about: "nothing", title: context.t(state === "refused" ? "card.refusedTitle" : "history.unnamed"), latin: "", probability: null };
}

/** @param {Scan} scan @param {ViewContext} context */
function partName({ shown }, { t }) {
  return shown && shown.prediction.part ? t(`part.${shown.prediction.part}`) : "";
}

/** @param {Scan} scan @param {ViewContext} context @returns {Chip} */
function stateChip(scan, context) {
  const { t } = context;
  if (isProvisional(scan)) return { text: t("state.provisional"), tone: "unsure", glyph: "clock" };
  if (isStuck(scan, context)) return { text: t("state.stuck"), tone: "alarm", glyph: "warn" };
  if (scan.state === "waiting" && scan.held) return { text: t("state.held"), tone: "unsure", glyph: "clock" };
  const byRelay = scan.shown !== null && scan.shown.source === "relay";
  /** @type {Record<ScanState, Chip>} */
  const chips = {
    predicting: { text: t("state.predicting"), tone: "plain", glyph: "clock" },
    asking: { text: t("state.asking"), tone: "relay", glyph: "server" },
    waiting: { text: t("state.waiting"), tone: "unsure", glyph: "clock" },
    answered: byRelay
      ? { text: t("state.byRelay"), tone: "relay", glyph: "server" }
      : { text: t("state.byPhone"), tone: "sure", glyph: "phone" },
    refused: { text: t("state.refused"), tone: "alarm", glyph: "warn" },
  };
  return chips[scan.state];
}

module.exports = { historyDays, historyRow, partName, summary };
