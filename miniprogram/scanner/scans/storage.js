// @ts-check
const { decodeUtf8 } = require("../basics/utf8.js");
const { resumedFeedback } = require("./feedback.js");
const { isId, newScan, parseScan } = require("./record.js");
const { isOpen, next } = require("./states.js");

const ROOT = "scans";

/** @param {string} id */
const folderOf = (id) => `${ROOT}/${id}`;

/** @param {string} id */
const recordOf = (id) => `${ROOT}/${id}/scan.json`;

/** @param {string} id */
const thumbnailOf = (id) => `${ROOT}/${id}/thumbnail.jpg`;

/** @typedef {{ scan: Scan, isWritten: boolean }} Loaded `isWritten`: its file says the same */

/**
 * Scans in the file system: one folder each, with photos, thumbnail and `scan.json`.
 *
 * Photos are written before `scan.json`, so a folder without it is an interrupted photo session, which is recovered as a scan.
 * A removal first marks `scan.json` and deletes it last, so that an interrupted removal is not recovered.
 * @param {Files} files
 */
function createScanStorage(files) {
  /**
   * Loads all scans, ready to continue from where they were interrupted.
   * @returns {Promise<Loaded[]>}
   */
  async function load() {
    const ids = (await files.list(ROOT)).filter(isId);
    // An unreadable scan is skipped until the next start.
    const scans = await Promise.all(ids.map((id) => loadOne(id).catch(() => null)));
    return /** @type {Loaded[]} */ (scans.filter((scan) => scan !== null));
  }

  /**
   * @param {string} id
   * @returns {Promise<Loaded | null>}
   */
  async function loadOne(id) {
    const paths = (await files.list(folderOf(id))).map((name) => `${folderOf(id)}/${name}`);
    const record = paths.indexOf(recordOf(id)) >= 0 ? parseJson(await files.read(recordOf(id))) : null;
    if (record && record.removed === true) {
      await clear(id);
      return null;
    }
    const parsed = parseScan(id, record);
    const scan = await (parsed ? resumed(parsed, paths) : rebuilt(id, paths));
    return scan && { scan, isWritten: JSON.stringify(scan) === JSON.stringify(record) };
  }

  /**
   * The state of a scan after a restart.
   * @param {Scan} scan
   * @param {string[]} paths files in its folder
   * @returns {Promise<Scan>}
   */
  async function resumed(scan, paths) {
    const has = (/** @type {string} */ path) => paths.indexOf(path) >= 0;
    const found = { ...scan, photos: scan.photos.filter(has) };
    if (found.thumbnail && !has(found.thumbnail)) found.thumbnail = null;
    if (found.state === "asking") found.state = next("asking", "unsent");
    if (found.feedback) found.feedback = resumedFeedback(found.feedback, has);
    await sweep(found, paths);
    return isOpen(found.state) && found.photos.length === 0 ? withoutPhotos(found) : found;
  }

  /**
   * Removes files that the record does not name: created or released just before the app ended.
   * @param {Scan} scan
   * @param {string[]} paths
   */
  async function sweep(scan, paths) {
    const known = [recordOf(scan.id), scan.thumbnail, scan.feedback ? scan.feedback.picture : null, ...scan.photos];
    const unknown = paths.filter((path) => known.indexOf(path) < 0);
    // Photos of an open scan are never removed.
    const swept = isOpen(scan.state) ? unknown.filter((path) => !isPhoto(path)) : unknown;
    await Promise.all(swept.map((path) => files.remove(path).catch(() => undefined)));
  }

  /**
   * Recovers a scan whose record is missing or damaged.
   * @param {string} id
   * @param {string[]} paths
   * @returns {Promise<Scan | null>}
   */
  async function rebuilt(id, paths) {
    const photos = paths.filter(isPhoto).sort();
    if (photos.length === 0) {
      // Keep a damaged record; a later version may be able to read it.
      if (paths.indexOf(recordOf(id)) < 0) await clear(id);
      return null;
    }
    const scan = newScan(id, next("new", "taken"), photos);
    await sweep(scan, paths);
    return scan;
  }

  /**
   * Copies a photo into the scan's folder.
   * @param {string} id
   * @param {number} index
   * @param {string} from
   * @returns {Promise<string>} path of the copy
   */
  async function adopt(id, index, from) {
    const suffix = /\.(jpe?g|png|webp)$/i.exec(from);
    const path = `${folderOf(id)}/${index}${suffix ? suffix[0].toLowerCase() : ".jpg"}`;
    await files.copyIn(from, path);
    return path;
  }

  /** @param {Scan} scan */
  const write = (scan) => files.write(recordOf(scan.id), JSON.stringify(scan));

  /**
   * Removes a scan that has no pending write.
   * @param {string} id
   */
  async function discard(id) {
    try {
      await files.write(recordOf(id), JSON.stringify({ removed: true }));
    } catch (error) {
      // The disk is full: remove the photos first.
    }
    await clear(id);
  }

  /** @param {string} id */
  async function clear(id) {
    for (const name of await files.list(folderOf(id))) {
      const path = `${folderOf(id)}/${name}`;
      if (path !== recordOf(id)) await files.remove(path);
    }
    await files.remove(folderOf(id));
  }

  /** Removes the whole folder, including unknown files. */
  const clearAll = () => files.remove(ROOT);

  return { load, adopt, write, discard, clearAll };
}

/**
 * @param {ArrayBuffer} content
 * @returns {any} null if it is not JSON
 */
function parseJson(content) {
  try {
    return JSON.parse(decodeUtf8(content));
  } catch (error) {
    return null;
  }
}

/** @param {string} path */
const isPhoto = (path) => /\/\d\.(jpe?g|png|webp)$/.test(path);

/**
 * @param {Scan} scan not yet processed by phone or relay
 * @returns {Scan}
 */
function withoutPhotos(scan) {
  const event = scan.state === "waiting" && scan.shown ? "settled" : "photos_lost";
  return { ...scan, state: next(scan.state, event), problem: "photo_missing", held: false, wanted: false };
}

module.exports = { createScanStorage, thumbnailOf };
