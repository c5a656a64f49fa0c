const { check, choiceOf, comparison } = modules["compare.js"];
const { mistakenFor, symptomOf } = modules["symptom.js"];
const { sprayAdvice } = modules["spray.js"];

/** Chinese first, as everywhere on the page. */
const LANGUAGES = ["zh", "en"];

/** A text that the mini-program has too. @param {string} key @param {string} language @param {Record<string, string | number>} params */
function translate(key, language, params = {}) {
  const [section, name] = key.split(".");
  return modules["fill.js"].fill(modules[`${language}.js`][section]?.[name] ?? key, params);
}

/** A text that the mini-program has too, in both languages. @param {string} key @returns {Both} */
const shared = (key) => /** @type {Both} */ (LANGUAGES.map((language) => translate(key, language)));

/**
 * What a view of the mini-program makes, in both languages.
 * @param {(context: any) => any} view
 * @param {Catalog} catalog
 */
function inBoth(view, catalog) {
  return LANGUAGES.map((language) => view({
    language,
    catalog,
    taught: [],
    t: (/** @type {string} */ key, /** @type {Record<string, string | number>} */ params) => translate(key, language, params),
  }));
}

/** Pairs of the texts of two lists of equal length. @param {string[]} zh @param {string[]} en @returns {Both[]} */
const paired = (zh, en) => zh.map((text, place) => [text, en[place]]);
