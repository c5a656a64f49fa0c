// @ts-check
const { untilDue } = require("./retry.js");

/**
 * @typedef {object} Model what the scanner needs of phone/model/model.js
 * @property {(photos: ArrayBuffer[], options: { explain: boolean }) => Promise<Prediction>} predict
 * @property {() => void} resetBackoff what could not start is tried at once when it is needed next
 * @property {(phone: Prediction, relay: Prediction, taught: string[]) => Promise<Shown>} reconcile
 */

/**
 * What the jobs share: the scans, who answers them, and what a decision depends on.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {() => Settings} parts.settings
 * @param {Model} parts.model
 * @param {Pick<import("../relay/relay.js").Relay, "predict">} parts.relay
 * @param {() => Promise<string[]> | string[]} parts.taught classes of the phone's own gallery
 * @param {() => Promise<void>} parts.drawn ends when the screen shows that a scan is under way
 * @param {import("../scans/store.js").ScanStore} parts.scanStore
 * @param {{ state(): "granted" | "declined" | "unknown" }} parts.consent
 */
function createContext({ ports, settings, model, relay, taught, drawn, scanStore, consent }) {
  const { clock, files, network } = ports;
  let busyUntil = 0;

  /**
   * @param {Scan} scan
   * @returns {import("./decide.js").Circumstances}
   */
  function circumstances(scan) {
    const now = clock.now();
    return {
      mode: settings().mode,
      relay: settings().relay !== "",
      online: network.online(),
      consent: consent.state(),
      wait: Math.max(untilDue(scan.nextAttempt, now), untilDue(busyUntil, now)),
    };
  }

  /**
   * Whether there is nothing to show to phone or relay any more; the scan then says so.
   * @param {import("./jobs.js").Job} job
   * @returns {Promise<boolean>}
   */
  async function lostPhotos(job) {
    const { photos } = /** @type {Scan} */ (scanStore.get(job.id));
    const there = await Promise.all(photos.map((path) => files.exists(path).catch(() => true)));
    if (there.every(Boolean) || !job.isCurrent()) return false;
    const left = photos.filter((_, index) => there[index]);
    const { shown, state } = /** @type {Scan} */ (scanStore.get(job.id));
    if (left.length > 0) {
      scanStore.change(job.id, null, { photos: left });
      return false;
    }
    const event = shown && state === "asking" ? "settled" : "photos_lost";
    scanStore.change(job.id, event, { photos: [], problem: "photo_missing", wanted: false, held: false });
    return true;
  }

  return {
    clock,
    files,
    scanStore,
    model,
    relay,
    taught,
    drawn,
    circumstances,
    lostPhotos,
    /** @param {number} moment until which the relay asked to be left alone */
    relayBusyUntil(moment) {
      busyUntil = Math.max(busyUntil, moment);
    },
  };
}

/** @typedef {ReturnType<typeof createContext>} Context */

module.exports = { createContext };
