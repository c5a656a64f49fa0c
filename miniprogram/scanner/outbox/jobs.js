// @ts-check
const { createSignal } = require("../basics/signal.js");

/**
 * @typedef {object} Job
 * @property {string} id of the scan
 * @property {Signal} signal
 * @property {() => void} abort sets the signal off
 * @property {() => boolean} isCurrent false once its outcome is no longer wanted: it was given up, or the scan is gone
 */

/**
 * What is under way: at most one job a scan. A job that was given up keeps its place among its kind until it has really
 * ended, so that there are never more at work than allowed.
 * @param {{ phone: number, relay: number }} limits
 */
function createJobs(limits) {
  /** @type {Map<string, { abort(): void }>} */
  const current = new Map();
  const running = { phone: 0, relay: 0 };

  /** @param {string} id */
  const has = (id) => current.has(id);

  /** @param {"phone" | "relay"} kind */
  const hasRoom = (kind) => running[kind] < limits[kind];

  /**
   * @param {string} id
   * @param {"phone" | "relay"} kind
   * @param {(job: Job) => Promise<void>} work
   * @param {() => void} onEnd called when its place is free again
   */
  function run(id, kind, work, onEnd) {
    const { signal, abort } = createSignal();
    const entry = { abort };
    current.set(id, entry);
    running[kind] += 1;
    const isCurrent = () => current.get(id) === entry;
    // Work reports its failures in the scan. A fault of its own is no outcome: it goes on to the system's log, and is not
    // answered by more work, which would fail alike at once.
    work({ id, signal, abort, isCurrent })
      .finally(() => {
        running[kind] -= 1;
        if (isCurrent()) current.delete(id);
      })
      .then(onEnd);
  }

  /** @param {string} id */
  function giveUp(id) {
    const entry = current.get(id);
    if (!entry) return;
    current.delete(id);
    entry.abort();
  }

  const giveUpAll = () => Array.from(current.keys()).forEach(giveUp);

  return { has, hasRoom, run, giveUp, giveUpAll };
}

module.exports = { createJobs };
