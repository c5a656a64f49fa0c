// @ts-check
const { codeOf } = require("../basics/failure.js");
const { decodeUtf8 } = require("../basics/utf8.js");

const FILE = "update-check.json";

const DAY = 24 * 60 * 60 * 1000;

/** Milliseconds after the app came to the front: a grower who has a leaf in the hand goes first. */
const PATIENCE = 60 * 1000;

/**
 * Asks the relay once a day for a newer model, where that costs no mobile data. What comes of it is nobody's business until
 * the settings are opened: the model in use stays unless the new one is better in every way that can be told.
 * @param {object} parts
 * @param {{ files: Files, clock: Clock, network: Network }} parts.ports
 * @param {() => Settings} parts.settings
 * @param {() => Promise<unknown>} parts.update
 */
function createDailyUpdate({ ports: { files, clock, network }, settings, update }) {
  let isPlanned = false;

  /** When it was last asked for; never, where that is not known. */
  async function last() {
    try {
      const { at } = JSON.parse(decodeUtf8(await files.read(FILE)));
      return typeof at === "number" ? at : 0;
    } catch (error) {
      // A phone that cannot be read may have asked a minute ago.
      if (codeOf(error, "not_found") !== "not_found") return clock.now();
      return 0;
    }
  }

  async function check() {
    if (settings().relay === "") return;
    await network.look();
    if (!network.wifi()) return;
    const before = await last();
    const now = clock.now();
    const since = now - before;
    // A clock that was set back must not put it off for years.
    if (since >= 0 && since < DAY) return;
    // Written before, or one that ends the app would be asked for at every start.
    await files.write(FILE, JSON.stringify({ at: now }));
    await update();
  }

  return {
    /** The app came to the front. */
    wake() {
      if (isPlanned) return;
      isPlanned = true;
      clock.after(PATIENCE, () => {
        // What keeps it from an update, the button in the settings says.
        check().catch(() => {}).then(() => {
          isPlanned = false;
        });
      });
    },
  };
}

module.exports = { createDailyUpdate };
