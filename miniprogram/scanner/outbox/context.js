// @ts-check
const { untilDue } = require("./retry.js");

/**
 * @typedef {object} Model the part of phone/model/model.js that the scanner needs
 * @property {(photos: ArrayBuffer[], options: { explain: boolean }) => Promise<Prediction>} predict
 * @property {() => void} resetBackoff the next call retries a failed start at once
 * @property {(phone: Prediction, relay: Prediction, taught: string[]) => Promise<Shown>} reconcile
 */

/**
 * Context of the jobs: the scans, the model and the relay, and the inputs of a decision.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {() => Settings} parts.settings
 * @param {Model} parts.model
 * @param {Pick<import("../relay/relay.js").Relay, "predict">} parts.relay
 * @param {() => Promise<string[]> | string[]} parts.taught classes of the phone's own gallery
 * @param {() => Promise<void>} parts.drawn resolves when the screen shows that a scan is under way
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
   * Whether the scan has no photos left to process; records that in the scan.
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
