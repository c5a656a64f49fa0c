// @ts-check
const { naming } = require("../text/naming.js");

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
 * The grower's classes with their photos.
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
 * Why the grower's classes are not used at present.
 * @param {string | null} problem code of the model
 * @param {{ t: ViewContext["t"] }} context
 */
function idleLine(problem, { t }) {
  if (problem === null) return "";
  return t(problem === "other_model" ? "orchard.otherModel" : "orchard.damaged");
}

module.exports = { idleLine, orchardRows };
