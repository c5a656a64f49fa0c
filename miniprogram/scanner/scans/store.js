// @ts-check
const { next } = require("./states.js");

/**
 * @typedef {object} Entry
 * @property {Scan} scan current state
 * @property {Scan | null} written state on disk
 * @property {Promise<boolean> | null} writing
 * @property {boolean} dropped
 */

/**
 * The scans in memory. A change is visible at once, so that two decisions never use different states. It is written
 * immediately after; irreversible actions wait for `saved`.
 *
 * Changes within one event-loop turn cause one write and one notification; listeners do not see the states in between.
 *
 * A scan that is being removed is hidden from decisions (`get`, `all`) but still listed for display (`find`, `list`): a scan
 * that was shown as removed must not reappear at the next start.
 * @param {object} disk
 * @param {(scan: Scan) => Promise<void>} disk.write
 * @param {(id: string) => Promise<void>} disk.discard
 * @param {(error: any, scans: import("./release.js").Scans) => Promise<boolean>} disk.makeRoom frees disk space
 *   after a failed write; whether to retry
 */
function createScanStore({ write, discard, makeRoom }) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** Scans being removed: dropped, but still on disk. @type {Map<string, Scan>} */
  const leaving = new Map();
  /** @type {Set<(scan: Scan | null) => void>} */
  const listeners = new Set();
  /** @type {Set<string>} */
  const changed = new Set();

  /** @param {string} id */
  function get(id) {
    const entry = entries.get(id);
    return entry ? entry.scan : null;
  }

  /** @param {string} id */
  const find = (id) => get(id) || leaving.get(id) || null;

  /** Newest first. */
  const all = () => newestFirst(Array.from(entries.values(), (entry) => entry.scan));

  const list = () => newestFirst([...all(), ...leaving.values()]);

  /**
   * @param {Scan} scan
   * @param {boolean} isWritten the disk has this state
   */
  function enter(scan, isWritten) {
    entries.set(scan.id, { scan, written: isWritten ? scan : null, writing: null, dropped: false });
    notify(scan.id);
    if (!isWritten) saved(scan.id);
  }

  /**
   * @param {string} id of an existing scan
   * @param {string | null} event of states.js; null if the state does not change
   * @param {Partial<Scan>} fields
   * @returns {Scan}
   */
  function change(id, event, fields) {
    const entry = /** @type {Entry} */ (entries.get(id));
    const state = event === null ? entry.scan.state : next(entry.scan.state, event);
    entry.scan = Object.freeze({ ...entry.scan, ...fields, state });
    notify(id);
    saved(id);
    return entry.scan;
  }

  /**
   * Resolves when the scan's current state is written, or cannot be written: whether it is on disk.
   * @param {string} id
   * @returns {Promise<boolean>}
   */
  async function saved(id) {
    const entry = entries.get(id);
    if (!entry) return false;
    if (!entry.writing) entry.writing = save(entry);
    return entry.writing;
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<boolean>}
   */
  async function save(entry) {
    await null;
    try {
      while (!entry.dropped && entry.written !== entry.scan) {
        const { scan } = entry;
        await write(scan).then(
          () => {
            entry.written = scan;
          },
          async (error) => {
            if (!(await makeRoom(error, { all, isSaved, change }))) throw error;
          },
        );
      }
      return !entry.dropped;
    } catch (error) {
      // The state stays in memory and is written with the next change or by `saveAll`.
      return false;
    } finally {
      entry.writing = null;
    }
  }

  /** Retries failed writes. */
  const saveAll = () => Promise.all(Array.from(entries.keys()).filter((id) => !isSaved(id)).map(saved));

  /** @param {string} id */
  function isSaved(id) {
    const entry = entries.get(id);
    return entry !== undefined && entry.written === entry.scan;
  }

  /**
   * Removes a scan that has no pending write. Removes the files first, then notifies the listeners; rejects if the files
   * cannot be removed.
   * @param {string} id
   */
  async function drop(id) {
    const entry = /** @type {Entry} */ (entries.get(id));
    entry.dropped = true;
    entries.delete(id);
    leaving.set(id, entry.scan);
    try {
      if (entry.writing) await entry.writing;
      await discard(id);
    } finally {
      leaving.delete(id);
      notify(id);
    }
  }

  /** @param {string} id */
  function notify(id) {
    if (changed.size === 0) Promise.resolve().then(publish);
    changed.add(id);
  }

  function publish() {
    const scans = Array.from(changed, find);
    changed.clear();
    for (const scan of scans) {
      for (const listener of listeners) {
        // Each listener runs on its own: an exception in a page is reported and does not stop the scanner.
        Promise.resolve().then(() => listener(scan));
      }
    }
  }

  /**
   * @param {(scan: Scan | null) => void} listener null when a scan was removed
   * @returns {() => void}
   */
  function subscribe(listener) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  return { get, all, find, list, enter, change, saved, saveAll, isSaved, drop, subscribe };
}

/** @param {Scan[]} scans */
const newestFirst = (scans) => scans.sort((a, b) => (a.id < b.id ? 1 : -1));

/** @typedef {ReturnType<typeof createScanStore>} ScanStore */

module.exports = { createScanStore };
