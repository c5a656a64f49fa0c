// @ts-check
const { isFinal } = require("./record.js");
const { release } = require("./release.js");
const { thumbnailOf } = require("./storage.js");

/** Pixels of a thumbnail's longer side. */
const SIDE = 256;

/**
 * Thumbnails of scans: kept beside the photos at first, and instead of them once the answer is final.
 * @param {{ files: Files, pictures: Pictures, scanStore: import("./store.js").ScanStore }} parts
 */
function createThumbnails({ files, pictures, scanStore }) {
  /**
   * Makes the thumbnail and removes photos, as far as the scan's state allows. Idempotent.
   * @param {string} id
   */
  async function tidy(id) {
    await makeThumbnail(id);
    const scan = scanStore.get(id);
    if (!scan || !isLetGo(scan)) return;
    // The answer must be on disk before the photos that produced it are removed.
    if (!(await scanStore.saved(id))) return;
    const now = scanStore.get(id);
    if (now && isLetGo(now)) await release(files, scanStore, { id, paths: now.photos, fields: { photos: [] } });
  }

  /** @param {string} id */
  async function makeThumbnail(id) {
    const scan = scanStore.get(id);
    if (!scan || scan.thumbnail || scan.photos.length === 0) return;
    const path = thumbnailOf(id);
    try {
      const small = await pictures.shrink(files.url(scan.photos[0]), SIDE);
      // Do not create a folder for a scan that was removed in the meantime.
      if (!scanStore.get(id)) return;
      await files.copyIn(small, path);
    } catch (error) {
      // Without a thumbnail the photos stay.
      return;
    }
    const now = scanStore.get(id);
    if (now && now.photos.length > 0) scanStore.change(id, null, { thumbnail: path });
    else await files.remove(path).catch(() => undefined);
  }

  return { tidy };
}

/** @param {Scan} scan */
const isLetGo = (scan) => scan.thumbnail !== null && scan.photos.length > 0 && isFinal(scan);

/**
 * Whether `tidy` has something to do.
 * @param {Scan} scan
 */
const isUntidy = (scan) => scan.photos.length > 0 && (scan.thumbnail === null || isLetGo(scan));

module.exports = { createThumbnails, isUntidy };
