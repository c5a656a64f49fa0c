// @ts-check
const { packaged } = require("../basics/packaged.js");
const { decodeUtf8 } = require("../basics/utf8.js");

/**
 * Classes and groups from `catalog.json`.
 * @param {string} text
 */
function parseCatalog(text) {
  /** @type {{ classes: GuideClass[], guilds: GuideGuild[] }} */
  const { classes, guilds } = JSON.parse(text);
  const byId = new Map(classes.map((entry) => [entry.id, entry]));
  const guildById = new Map(guilds.map((entry) => [entry.id, entry]));
  const searched = classes.map((entry) => ({ entry, fields: searchedFields(entry, guildById) }));

  return {
    classes,
    guilds,

    /** @param {string} id @returns {GuideClass | null} */
    find: (id) => byId.get(id) || null,

    /** @param {string} id @returns {GuideGuild | null} */
    guild: (id) => guildById.get(id) || null,

    /**
     * The name of a class or a group; its id if the catalog does not name it.
     * @param {string} id
     * @param {"zh" | "en"} language
     */
    name(id, language) {
      const entry = byId.get(id) || guildById.get(id);
      return entry ? entry.names[language] : id;
    },

    /**
     * Classes that contain every word of the text, first those with it in the name, then in the group's name, then in the
     * symptoms. All classes for an empty text.
     * @param {string} text
     * @returns {GuideClass[]}
     */
    search(text) {
      const words = folded(text).split(/[\s,，、]+/).filter(Boolean);
      const found = searched
        .map(({ entry, fields }) => ({ entry, rank: Math.max(0, ...words.map((word) => firstWith(fields, word))) }))
        .filter(({ rank }) => rank < Infinity);
      // Keeps the catalog's order among equals, since not every engine sorts stably.
      return found
        .map((item, place) => Object.assign(item, { place }))
        .sort((a, b) => a.rank - b.rank || a.place - b.place)
        .map(({ entry }) => entry);
    },
  };
}

/**
 * @param {GuideClass} entry
 * @param {Map<string, GuideGuild>} guilds
 */
function searchedFields({ id, guild, names, symptoms, marks }, guilds) {
  const around = guild === null ? undefined : guilds.get(guild);
  return [
    [names.zh, names.en, names.latin || "", id.replace(/_/g, " ")],
    around ? [around.names.zh, around.names.en] : [],
    [symptoms.zh, symptoms.en, ...marks.zh, ...marks.en],
  ].map((texts) => folded(texts.join("\n")));
}

/**
 * @param {string[]} fields
 * @param {string} word
 */
function firstWith(fields, word) {
  const at = fields.findIndex((field) => field.indexOf(word) >= 0);
  return at < 0 ? Infinity : at;
}

/** Chinese keyboards produce full-width letters. */
function folded(/** @type {string} */ text) {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * Reads the packaged catalog.
 * @param {Files} files
 */
async function readCatalog(files) {
  return parseCatalog(decodeUtf8(await packaged(files, "catalog")));
}

/** @typedef {ReturnType<typeof parseCatalog>} Catalog */

module.exports = { parseCatalog, readCatalog };
