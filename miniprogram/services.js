// @ts-check
const build = require("./build.js");
const { chooseLanguage, lines, translator, words } = require("./i18n/index.js");
const { createPorts, createPrivacy } = require("./platform/index.js");
const { readCatalog } = require("./scanner/answer/catalog.js");
const { createDailyUpdate } = require("./scanner/phone/update/daily-update.js");
const { createPhone } = require("./scanner/phone/phone.js");
const { createRelay } = require("./scanner/relay/relay.js");
const { createScanner } = require("./scanner/scanner.js");
const { createDraft } = require("./scanner/scans/draft.js");
const { createSettings } = require("./scanner/settings.js");
const { confirm } = require("./ui/say.js");
const { createScreen } = require("./ui/screen.js");
const { nameTabs } = require("./ui/tabs.js");
const { csv } = require("./view/history/csv.js");
const { naming } = require("./view/text/naming.js");
const { codeOf, problemLine } = require("./view/text/problem.js");
const { shareMessage } = require("./view/result/share.js");

/** Assembles the app's services for its pages. */
function createServices() {
  const ports = createPorts();
  const settings = createSettings({ files: ports.files, relay: build.relay });
  const relay = createRelay({ http: ports.http, address: () => settings.get().relay });
  const { model, store, orchard, updater, open: openPhone } = createPhone({ ports, settings });
  const daily = createDailyUpdate({ ports, settings: settings.get, update: () => updater.update(relay) });
  const screen = createScreen(ports.clock);
  const system = wx.getAppBaseInfo().language;

  /** @type {import("./scanner/answer/catalog.js").Catalog | null} */
  let catalog = null;
  const language = () => chooseLanguage(settings.get().language, system);
  /** @type {import("./i18n/index.js").Translate} */
  const t = (key, params) => translator(language())(key, params);

  /** The catalog; available once the services are open, which pages wait for. */
  function guide() {
    if (!catalog) throw new Error("the catalog is used before `open` has resolved");
    return catalog;
  }

  const scanner = createScanner({
    ports,
    settings: settings.get,
    model,
    relay,
    taught: () => store.taught(),
    drawn: screen.settled,
    consent: () =>
      confirm({
        title: t("consent.title"),
        content: t("consent.text", { relay: settings.get().relay }),
        yes: t("consent.send"),
        no: t("consent.keep"),
      }),
  });

  /** @returns {ViewContext} */
  function context() {
    return {
      language: language(),
      t,
      lines: (key) => lines(language(), key),
      catalog: guide(),
      taught: orchard.list(),
      hasRelay: settings.get().relay !== "",
    };
  }

  async function openAll() {
    await settings.open();
    [catalog] = await Promise.all([readCatalog(ports.files), openPhone()]);
    await scanner.open();
  }

  /** @type {Promise<void> | null} */
  let opening = null;

  /** @returns {Promise<void>} ends when everything is open. Where that fails, the next call tries again. */
  function open() {
    if (!opening) {
      opening = openAll();
      opening.catch(() => {
        opening = null;
      });
    }
    return opening;
  }

  /** Called when the app comes to the foreground. */
  function wake() {
    open().then(
      () => {
        scanner.wake();
        daily.wake();
      },
      // Pages show why it is not open.
      () => {},
    );
  }

  settings.subscribe(() => scanner.wake());

  return {
    open,
    wake,
    build,
    settings,
    relay,
    model,
    store,
    orchard,
    updater,
    scanner,
    screen,
    draft: createDraft(ports),
    privacy: createPrivacy(wx),
    get catalog() {
      return guide();
    },
    context,
    language,
    t,
    words: (/** @type {string[]} */ sections) => words(language(), [...sections, "common"]),
    nameTabs: () => nameTabs(t),
    url: ports.files.url,
    pictures: ports.pictures,
    now: ports.clock.now,
    nameOf: (/** @type {string} */ id) => naming(id, context()).title,

    /** Original photos of this session by scan id; larger than the copies that a scan keeps. */
    originals: /** @type {Map<string, string[]>} */ (new Map()),

    /** The lesson in progress, passed between pages. */
    lesson: { photos: /** @type {string[]} */ ([]), done: "" },

    /** @param {unknown} error @returns {Notice} */
    problem(error) {
      const { code, detail } = codeOf(error);
      return { text: problemLine(code, { t }), tone: "alarm", detail };
    },

    /** @param {Scan | null} scan */
    share: (scan) => shareMessage(scan, t, catalog && context()),

    /** All scans as CSV. */
    table: () => csv(scanner.list(), context()),

    /** @returns {Promise<string>} the table's file, for `wx.shareFileMessage` */
    async writeTable() {
      const path = "export/scans.csv";
      await ports.files.write(path, csv(scanner.list(), context()));
      return ports.files.url(path);
    },
  };
}

/** @typedef {ReturnType<typeof createServices>} Services */

module.exports = { createServices };
