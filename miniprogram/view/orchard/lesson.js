// @ts-check
const { guideGroups } = require("../guide/guide.js");
const { cleanLabel } = require("./own-class.js");

/** Id of the row that stands for a name the grower has just typed. */
const NEW = "new";

/** @typedef {{ id: string, name: string, rows: import("../guide/guide.js").GuideRow[] }} Group */

/**
 * The classes that a photo can be taught as: a new class with the typed name, then matching classes, the grower's before the
 * guide's.
 * @param {string} text
 * @param {ViewContext} context
 * @returns {Group[]}
 */
function lessonGroups(text, context) {
  const found = [...ownGroups(text, context), ...guideGroups(text, "all", context)];
  const name = cleanLabel(text);
  const named = found.some(({ rows }) => rows.some(({ title }) => title.toLowerCase() === name.toLowerCase()));
  return name && !named ? [newGroup(name, context), ...found] : found;
}

/** @param {string} name @param {ViewContext} context @returns {Group} */
function newGroup(name, { t }) {
  const row = { id: NEW, title: t("teach.ownUse", { name }), latin: "", second: "", guild: "own" };
  return { id: NEW, name: t("teach.own"), rows: [row] };
}

/** @param {string} text @param {ViewContext} context @returns {Group[]} */
function ownGroups(text, { taught, t }) {
  const wanted = text.trim().toLowerCase();
  const rows = taught
    .filter(({ label }) => label !== null && label.toLowerCase().includes(wanted))
    .map(({ id, label }) => ({ id, title: label || id, latin: "", second: "", guild: "own" }));
  return rows.length ? [{ id: "own", name: t("orchard.own"), rows }] : [];
}

module.exports = { NEW, lessonGroups };
