// @ts-check
const { createSignal } = require("../basics/signal.js");

/**
 * @typedef {object} Job
 * @property {string} id of the scan
 * @property {Signal} signal
 * @property {() => void} abort triggers the signal
 * @property {() => boolean} isCurrent false once the result is not wanted: the job was cancelled or the scan removed
 */

/**
 * Running jobs, at most one per scan. A cancelled job occupies its slot until it has really ended, so that the limit per kind
 * holds.
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
   * @param {() => void} onEnd called when the slot is free again
   */
  function run(id, kind, work, onEnd) {
    const { signal, abort } = createSignal();
    const entry = { abort };
    current.set(id, entry);
    running[kind] += 1;
    const isCurrent = () => current.get(id) === entry;
    // Jobs record their failures in the scan. An exception here is a bug: it goes to the system's log and starts no further
    // job, which would fail in the same way.
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
