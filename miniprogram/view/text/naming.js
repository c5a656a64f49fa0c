// @ts-check

/**
 * The name of a class: from the catalog, else the grower's.
 * @param {string} id
 * @param {ViewContext} context
 * @returns {Naming}
 */
function naming(id, { catalog, language, taught }) {
  const entry = catalog.find(id);
  if (entry) {
    const other = language === "zh" ? "en" : "zh";
    return {
      title: entry.names[language],
      latin: entry.names.latin || "",
      second: entry.names[other],
      guild: entry.guild,
      known: true,
    };
  }
  const own = taught.find((one) => one.id === id);
  return { title: (own && own.label) || id.replace(/_/g, " "), latin: "", second: "", guild: null, known: false };
}

module.exports = { naming };
