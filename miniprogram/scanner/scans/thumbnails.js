// @ts-check
const { isFinal } = require("./record.js");
const { thumbnailOf } = require("./storage.js");

/** Pixels of a thumbnail's longer side. */
const SIDE = 256;

/**
 * What stays of a scan: a thumbnail at first beside its photos, in the end in their place.
 * @param {{ files: Files, pictures: Pictures, scanStore: import("./store.js").ScanStore }} parts
 */
function createThumbnails({ files, pictures, scanStore }) {
  /**
   * Tidies up behind a scan as far as its state allows. Doing it again does no harm.
   * @param {string} id
   */
  async function tidy(id) {
    await makeThumbnail(id);
    const scan = scanStore.get(id);
    if (!scan || !isLetGo(scan)) return;
    // The answer has to be safe before what could give it anew is gone.
    if (!(await scanStore.saved(id))) return;
    const now = scanStore.get(id);
    if (now && isLetGo(now)) await release({ id, paths: now.photos, fields: { photos: [] } });
  }

  /** @param {string} id */
  async function makeThumbnail(id) {
    const scan = scanStore.get(id);
    if (!scan || scan.thumbnail || scan.photos.length === 0) return;
    const path = thumbnailOf(id);
    try {
      const small = await pictures.shrink(files.url(scan.photos[0]), SIDE);
      // A scan that was removed meanwhile must not get a folder again.
      if (!scanStore.get(id)) return;
      await files.copyIn(small, path);
    } catch (error) {
      // The photos stay in its place.
      return;
    }
    const now = scanStore.get(id);
    if (now && now.photos.length > 0) scanStore.change(id, null, { thumbnail: path });
    else await files.remove(path).catch(() => undefined);
  }

  /**
   * The scan lacks it from this moment; the files follow.
   * @param {import("./quota.js").Release} what
   */
  async function release({ id, paths, fields }) {
    scanStore.change(id, null, fields);
    // What cannot be removed now is swept out when the app starts next.
    for (const path of paths) await files.remove(path).catch(() => undefined);
  }

  return { tidy, release };
}

/** @param {Scan} scan */
const isLetGo = (scan) => scan.thumbnail !== null && scan.photos.length > 0 && isFinal(scan);

/**
 * Whether `tidy` has something to do.
 * @param {Scan} scan
 */
const isUntidy = (scan) => scan.photos.length > 0 && (scan.thumbnail === null || isLetGo(scan));

module.exports = { createThumbnails, isUntidy };
