// @ts-check
const { chooseLanguage, lines, translator, words } = require("../i18n/index.js");
const { nameTabs } = require("../ui/tabs.js");
const { codeOf, problemLine } = require("../view/text/problem.js");

/**
 * Texts in the grower's language. Usable before the services are open.
 * @param {import("../scanner/settings.js").SettingsStore} settings
 */
function createWords(settings) {
  const system = wx.getAppBaseInfo().language;
  const language = () => chooseLanguage(settings.get().language, system);
  /** @type {import("../i18n/index.js").Translate} */
  const t = (key, params) => translator(language())(key, params);

  return {
    language,
    t,
    lines: (/** @type {string} */ key) => lines(language(), key),
    words: (/** @type {string[]} */ sections) => words(language(), [...sections, "common"]),
    nameTabs: () => nameTabs(t),

    /** @param {unknown} error @returns {Notice} */
    problem(error) {
      const { code, detail } = codeOf(error);
      return { text: problemLine(code, { t }), tone: "alarm", detail };
    },
  };
}

/** @typedef {ReturnType<typeof createWords>} Words */

module.exports = { createWords };
