// @ts-check
const { naming } = require("./naming.js");

/**
 * @typedef {object} OrchardRow
 * @property {string} id
 * @property {string} title
 * @property {string} second
 * @property {string} guild
 * @property {boolean} known whether the guide has a page for it
 * @property {string} count
 * @property {{ key: string, picture: string | null }[]} photos
 * @property {string} pictureLabel
 */

/**
 * What the grower taught, class by class.
 * @param {TaughtClass[]} classes
 * @param {ViewContext} context
 * @returns {OrchardRow[]}
 */
function orchardRows(classes, context) {
  return classes.map(({ id, photos }) => {
    const { title, latin, guild, known } = naming(id, context);
    return {
      id,
      title,
      second: known ? latin : context.t("orchard.own"),
      guild: guild || "own",
      known,
      count: context.t("orchard.photos", { n: photos.length }),
      photos: photos.map(({ key, picture }) => ({ key, picture })),
      pictureLabel: context.t("orchard.photoOf", { name: title }),
    };
  });
}

/**
 * Classes of the grower's own naming that a search finds, as a group to stand before the guide's.
 * @param {string} text
 * @param {ViewContext} context
 * @returns {{ id: string, name: string, rows: import("./guide.js").GuideRow[] }[]}
 */
function ownGroups(text, { taught, t }) {
  const wanted = text.trim().toLowerCase();
  const rows = taught
    .filter(({ label }) => label !== null && label.toLowerCase().includes(wanted))
    .map(({ id, label }) => ({ id, title: label || id, latin: "", second: "", guild: "own" }));
  return rows.length ? [{ id: "own", name: t("orchard.own"), rows }] : [];
}

module.exports = { orchardRows, ownGroups };
