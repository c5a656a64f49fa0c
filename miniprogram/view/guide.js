// @ts-check

/** @typedef {"all" | GuideClass["kind"]} GuideFilter */
/** @typedef {{ id: string, title: string, latin: string, second: string, guild: string }} GuideRow */

/**
 * The catalog's classes that a search finds, group by group.
 * @param {string} text
 * @param {GuideFilter} filter
 * @param {ViewContext} context
 * @returns {{ id: string, name: string, rows: GuideRow[] }[]}
 */
function guideGroups(text, filter, { catalog, language }) {
  /** @type {Map<string, GuideRow[]>} */
  const groups = new Map();
  for (const entry of catalog.search(text)) {
    if (filter !== "all" && entry.kind !== filter) continue;
    const group = entry.guild || "";
    groups.set(group, [...(groups.get(group) || []), row(entry, language)]);
  }
  return [...groups].map(([id, rows]) => {
    const guild = catalog.guild(id);
    return { id, name: guild ? guild.names[language] : id, rows };
  });
}

/** @param {GuideClass} entry @param {"zh" | "en"} language @returns {GuideRow} */
function row({ id, names, guild }, language) {
  return { id, title: names[language], latin: names.latin || "", second: names[language === "zh" ? "en" : "zh"], guild: guild || "leaf" };
}

/**
 * What the guide can be narrowed to.
 * @param {ViewContext} context
 * @returns {{ id: GuideFilter, name: string }[]}
 */
function guideFilters({ t }) {
  return [
    { id: "all", name: t("guide.all") },
    { id: "disease", name: t("guide.disease") },
    { id: "pest", name: t("guide.pest") },
  ];
}

module.exports = { guideFilters, guideGroups };
