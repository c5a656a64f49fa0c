// @ts-check
const { fill } = require("./fill.js");
const zh = require("./zh.js");
const en = require("./en.js");

/** @typedef {"zh" | "en"} Language */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** @type {Record<Language, Record<string, Record<string, string | string[]>>>} */
const DICTIONARIES = { zh, en };

/**
 * The language of the words: what the grower set, else the phone's, where anything but Chinese is English.
 * @param {Settings["language"]} wanted
 * @param {string} system such as `zh_CN`
 * @returns {Language}
 */
function chooseLanguage(wanted, system) {
  if (wanted !== "system") return wanted;
  return /^zh/i.test(system) ? "zh" : "en";
}

/**
 * @param {Language} language
 * @returns {Translate} gives the key itself for a key that there is not, so that a slip shows and breaks nothing
 */
function translator(language) {
  return (key, params = {}) => {
    const [section, name] = key.split(".");
    const text = (DICTIONARIES[language][section] || {})[name];
    return typeof text === "string" ? fill(text, params) : key;
  };
}

/**
 * A text of several lines.
 * @param {Language} language
 * @param {string} key
 * @returns {string[]}
 */
function lines(language, key) {
  const [section, name] = key.split(".");
  const texts = (DICTIONARIES[language][section] || {})[name];
  return Array.isArray(texts) ? texts : [];
}

/**
 * Whole sections, for templates: `{{t.scan.camera}}`.
 * @param {Language} language
 * @param {string[]} sections
 */
function words(language, sections) {
  return sections.reduce((all, section) => Object.assign(all, { [section]: DICTIONARIES[language][section] }), {});
}

module.exports = { chooseLanguage, translator, lines, words };
