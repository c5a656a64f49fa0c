// @ts-check
const { next } = require("./states.js");

/**
 * @typedef {object} Entry
 * @property {Scan} scan as it is
 * @property {Scan | null} written as it is on disk
 * @property {Promise<boolean> | null} writing
 * @property {boolean} dropped
 */

/**
 * The scans in memory. A change counts at once, so that two decisions never rest on different states; it is written right
 * after, and whatever cannot be undone waits for `saved`.
 *
 * Changes of one turn are one write and one notice: a scan that passes a state on its way is not seen there.
 *
 * A scan that is being removed is gone for whoever decides (`get`, `all`), and still there for whoever shows (`find`, `list`):
 * what is shown as gone must not come back with the next start.
 * @param {object} disk
 * @param {(scan: Scan) => Promise<void>} disk.write
 * @param {(id: string) => Promise<void>} disk.discard
 * @param {(error: any) => Promise<boolean>} disk.makeRoom whether it is worth while to write again after a failure
 */
function createScanStore({ write, discard, makeRoom }) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** On their way out: dropped, and on the disk still. @type {Map<string, Scan>} */
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
   * @param {boolean} isWritten it is on disk like that
   */
  function enter(scan, isWritten) {
    entries.set(scan.id, { scan, written: isWritten ? scan : null, writing: null, dropped: false });
    notify(scan.id);
    if (!isWritten) saved(scan.id);
  }

  /**
   * @param {string} id of a scan that is there
   * @param {string | null} event of states.js; null where the state stays
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
   * Whether the scan, as it is now, is on disk. Ends when it is, or cannot be.
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
            if (!(await makeRoom(error))) throw error;
          },
        );
      }
      return !entry.dropped;
    } catch (error) {
      // It stays in memory, and is written with its next change or by `saveAll`.
      return false;
    } finally {
      entry.writing = null;
    }
  }

  /** Writes what could not be written. */
  const saveAll = () => Promise.all(Array.from(entries.keys()).filter((id) => !isSaved(id)).map(saved));

  /** @param {string} id */
  function isSaved(id) {
    const entry = entries.get(id);
    return entry !== undefined && entry.written === entry.scan;
  }

  /**
   * Removes a scan, of which nobody writes any more. The disk is told first, then the listeners; that the disk refused, the
   * caller hears.
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
    if (changed.size === 0) Promise.resolve().then(tell);
    changed.add(id);
  }

  function tell() {
    const scans = Array.from(changed, find);
    changed.clear();
    for (const scan of scans) {
      for (const listener of listeners) {
        // Each on its own: the fault of one page shows, and leaves the scanner alone.
        Promise.resolve().then(() => listener(scan));
      }
    }
  }

  /**
   * @param {(scan: Scan | null) => void} listener null when a scan is gone
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
