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
 * Scans in the file system: a folder each, with its photos, its thumbnail and `scan.json`.
 *
 * The photos are there before `scan.json` is, so a folder without one is a photo session that was cut short: what there is of
 * it becomes a scan. A scan is removed by a `scan.json` that says so and goes last, so that half a removal is no scan.
 * @param {Files} files
 */
function createScanStorage(files) {
  /**
   * Every scan there is, ready to go on where it was cut short.
   * @returns {Promise<Loaded[]>}
   */
  async function load() {
    const ids = (await files.list(ROOT)).filter(isId);
    // One that cannot be read now is left alone, for the next start.
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
   * A scan as it is after a restart.
   * @param {Scan} scan
   * @param {string[]} paths what its folder holds
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
   * Removes what the scan does not know: let go, or made, just before the app ended.
   * @param {Scan} scan
   * @param {string[]} paths
   */
  async function sweep(scan, paths) {
    const known = [recordOf(scan.id), scan.thumbnail, scan.feedback ? scan.feedback.picture : null, ...scan.photos];
    const unknown = paths.filter((path) => known.indexOf(path) < 0);
    // Nothing takes a photo away that has yet to be seen.
    const swept = isOpen(scan.state) ? unknown.filter((path) => !isPhoto(path)) : unknown;
    await Promise.all(swept.map((path) => files.remove(path).catch(() => undefined)));
  }

  /**
   * What is left of a scan whose record is missing or damaged.
   * @param {string} id
   * @param {string[]} paths
   * @returns {Promise<Scan | null>}
   */
  async function rebuilt(id, paths) {
    const photos = paths.filter(isPhoto).sort();
    if (photos.length === 0) {
      // A damaged record is not ours to throw away; a later version may read it.
      if (paths.indexOf(recordOf(id)) < 0) await clear(id);
      return null;
    }
    const scan = newScan(id, next("new", "taken"), photos);
    await sweep(scan, paths);
    return scan;
  }

  /**
   * Copies a photo in.
   * @param {string} id
   * @param {number} index
   * @param {string} from
   * @returns {Promise<string>} its path
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
   * Removes a scan, of which nobody writes any more.
   * @param {string} id
   */
  async function discard(id) {
    try {
      await files.write(recordOf(id), JSON.stringify({ removed: true }));
    } catch (error) {
      // No room even for that: the photos go first, then.
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

  /** Everything, also what is no scan. */
  const clearAll = () => files.remove(ROOT);

  return { load, adopt, write, discard, clearAll };
}

/**
 * @param {ArrayBuffer} content
 * @returns {any} null for what is no JSON
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
 * @param {Scan} scan that phone or relay were still to see
 * @returns {Scan}
 */
function withoutPhotos(scan) {
  const event = scan.state === "waiting" && scan.shown ? "settled" : "photos_lost";
  return { ...scan, state: next(scan.state, event), problem: "photo_missing", held: false, wanted: false };
}

module.exports = { createScanStorage, thumbnailOf };
