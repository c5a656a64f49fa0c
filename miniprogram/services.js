// @ts-check
const build = require("./build.js");
const { createPorts, createPrivacy } = require("./platform/index.js");
const { readCatalog } = require("./scanner/answer/catalog.js");
const { createRelay } = require("./scanner/relay/relay.js");
const { createDraft } = require("./scanner/scans/draft.js");
const { createSettings } = require("./scanner/settings.js");
const { createRecognition } = require("./services/recognition.js");
const { createViews } = require("./services/views.js");
const { createWords } = require("./services/words.js");
const { createScreen } = require("./ui/screen.js");

/** Assembles the app's services for its pages. */
function createServices() {
  const ports = createPorts();
  const settings = createSettings({ files: ports.files, relay: build.relay });
  const relay = createRelay({ http: ports.http, address: () => settings.get().relay });
  const screen = createScreen(ports.clock);
  const words = createWords(settings);
  const { openPhone, wake: wakeScans, ...recognition } = createRecognition({ ports, settings, relay, screen, t: words.t });
  const { orchard, scanner } = recognition;

  /** @type {import("./scanner/answer/catalog.js").Catalog | null} */
  let catalog = null;
  const { guide, ...views } = createViews({ files: ports.files, words, settings, orchard, scanner, catalog: () => catalog });

  async function openAll() {
    await settings.open();
    [catalog] = await Promise.all([readCatalog(ports.files), openPhone()]);
    await scanner.open();
  }

  /** @type {Promise<void> | null} */
  let opening = null;

  /** @returns {Promise<void>} resolves when everything is open. After a failure the next call tries again. */
  function open() {
    if (!opening) {
      opening = openAll();
      opening.catch(() => {
        opening = null;
      });
    }
    return opening;
  }

  return {
    ...recognition,
    ...words,
    ...views,
    open,

    /** Called when the app comes to the foreground. */
    wake() {
      // Pages show why the services are not open.
      open().then(wakeScans, () => {});
    },

    build,
    settings,
    relay,
    screen,
    draft: createDraft(ports),
    privacy: createPrivacy(wx),
    get catalog() {
      return guide();
    },
    url: ports.files.url,
    pictures: ports.pictures,
    now: ports.clock.now,

    /** Original photos of this session by scan id; larger than the copies that a scan keeps. */
    originals: /** @type {Map<string, string[]>} */ (new Map()),

    /** The lesson in progress, passed between pages. */
    lesson: { photos: /** @type {string[]} */ ([]), done: "" },
  };
}

/** @typedef {ReturnType<typeof createServices>} Services */

module.exports = { createServices };
