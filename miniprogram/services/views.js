// @ts-check
const { csv } = require("../view/history/csv.js");
const { shareMessage } = require("../view/result/share.js");
const { naming } = require("../view/text/naming.js");

/**
 * What pages show and export, in the grower's language.
 * @param {object} parts
 * @param {Files} parts.files
 * @param {import("./words.js").Words} parts.words
 * @param {import("../scanner/settings.js").SettingsStore} parts.settings
 * @param {import("../scanner/phone/orchard/orchard.js").Orchard} parts.orchard
 * @param {import("../scanner/scanner.js").Scanner} parts.scanner
 * @param {() => import("../scanner/answer/catalog.js").Catalog | null} parts.catalog null until the services are open
 */
function createViews({ files, words: { language, t, lines }, settings, orchard, scanner, catalog }) {
  /** The catalog; available once the services are open, which pages wait for. */
  function guide() {
    const opened = catalog();
    if (!opened) throw new Error("the catalog is used before `open` has resolved");
    return opened;
  }

  /** @returns {ViewContext} */
  function context() {
    return {
      language: language(),
      t,
      lines,
      catalog: guide(),
      taught: orchard.list(),
      hasRelay: settings.get().relay !== "",
    };
  }

  /** All scans as CSV. */
  const table = () => csv(scanner.list(), context());

  return {
    guide,
    context,
    nameOf: (/** @type {string} */ id) => naming(id, context()).title,

    /** @param {Scan | null} scan */
    share: (scan) => shareMessage(scan, t, catalog() && context()),

    table,

    /** @returns {Promise<string>} the table's file, for `wx.shareFileMessage` */
    async writeTable() {
      const path = "export/scans.csv";
      await files.write(path, table());
      return files.url(path);
    },
  };
}

module.exports = { createViews };
