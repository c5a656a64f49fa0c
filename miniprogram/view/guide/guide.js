// @ts-check
const { pictureOf } = require("./symptom.js");

/** @typedef {"all" | "leaf_disease" | "fruit_disease" | "pest"} GuideFilter */
/** @typedef {{ id: string, title: string, latin: string, second: string, guild: string, picture?: string, marks?: string }} GuideRow */

/**
 * The classes that match a search, by group.
 * @param {string} text
 * @param {GuideFilter} filter
 * @param {ViewContext} context
 * @returns {{ id: string, name: string, rows: GuideRow[] }[]}
 */
function guideGroups(text, filter, { catalog, language }) {
  /** @type {Map<string, GuideRow[]>} */
  const groups = new Map();
  for (const entry of catalog.search(text)) {
    if (!passes(entry, filter)) continue;
    const group = entry.guild || "";
    groups.set(group, [...(groups.get(group) || []), guideRow(entry, language)]);
  }
  return [...groups].map(([id, rows]) => {
    const guild = catalog.guild(id);
    return { id, name: guild ? guild.names[language] : id, rows };
  });
}

/** @param {GuideClass} entry @param {GuideFilter} filter */
function passes({ kind, part }, filter) {
  if (filter === "all") return true;
  if (filter === "pest") return kind === "pest";
  return kind === "disease" && part === (filter === "fruit_disease" ? "fruit" : "leaf");
}

/** @param {GuideClass} entry @param {"zh" | "en"} language @returns {GuideRow} */
function guideRow({ id, names, guild, marks }, language) {
  return {
    id,
    title: names[language],
    latin: names.latin || "",
    second: names[language === "zh" ? "en" : "zh"],
    guild: guild || "leaf",
    picture: pictureOf(id),
    marks: marks[language].join(language === "zh" ? "；" : "; "),
  };
}

/**
 * The filters of the guide.
 * @param {ViewContext} context
 * @returns {{ id: GuideFilter, name: string }[]}
 */
function guideFilters({ t }) {
  return [
    { id: "all", name: t("guide.all") },
    { id: "leaf_disease", name: t("guide.leafDisease") },
    { id: "fruit_disease", name: t("guide.fruitDisease") },
    { id: "pest", name: t("guide.pest") },
  ];
}

module.exports = { guideFilters, guideGroups, guideRow };
