// @ts-check
const { codeOf } = require("../../basics/failure.js");
const { decodeUtf8 } = require("../../basics/utf8.js");

const FILE = "update-check.json";

const DAY = 24 * 60 * 60 * 1000;

/** Milliseconds after the app came to the foreground: the grower's own photo goes first. */
const PATIENCE = 60 * 1000;

/**
 * Asks the relay for a newer model once a day, without using mobile data. Failures are not shown; the settings page shows them
 * when the grower checks for a model.
 * @param {object} parts
 * @param {{ files: Files, clock: Clock, network: Network }} parts.ports
 * @param {() => Settings} parts.settings
 * @param {() => Promise<unknown>} parts.update
 */
function createDailyUpdate({ ports: { files, clock, network }, settings, update }) {
  let isPlanned = false;

  /** Time of the last check; 0 if unknown. */
  async function last() {
    try {
      const { at } = JSON.parse(decodeUtf8(await files.read(FILE)));
      return typeof at === "number" ? at : 0;
    } catch (error) {
      // If the time of the last check cannot be read, it may have been a minute ago.
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
    // A clock that was set back must not postpone the check for years.
    if (since >= 0 && since < DAY) return;
    // Written first: a check that crashes the app must not repeat at every start.
    await files.write(FILE, JSON.stringify({ at: now }));
    await update();
  }

  return {
    /** Called when the app comes to the foreground. */
    wake() {
      if (isPlanned) return;
      isPlanned = true;
      clock.after(PATIENCE, () => {
        // The settings page shows the reason when the grower checks for a model.
        check().catch(() => {}).then(() => {
          isPlanned = false;
        });
      });
    },
  };
}

module.exports = { createDailyUpdate };
