// @ts-check
const { release } = require("./release.js");
const { isOpen } = require("./states.js");

/** WeChat allows 200 MB; the rest is for a model update. */
const LIMIT = 150 * 1000 * 1000;

/** Files that count towards the limit. */
const FOLDERS = ["scans", "models", "orchard", "draft"];

/**
 * @typedef {import("./release.js").Release} Release
 * @typedef {import("./release.js").Scans} Scans
 */

/**
 * What may be removed, in this order: photos of confirmed scans, oldest first, then their thumbnails, oldest first. Never a
 * photo that phone or relay have not processed yet.
 * @param {Scan[]} scans oldest first
 * @returns {Release[]}
 */
function releases(scans) {
  const confirmed = scans.filter((scan) => !isOpen(scan.state));
  const photos = confirmed.filter((scan) => scan.photos.length > 0);
  const thumbnails = confirmed.filter((scan) => scan.thumbnail !== null);
  return [
    ...photos.map(({ id, photos: paths }) => ({ id, paths, fields: { photos: [] } })),
    ...thumbnails.map(({ id, thumbnail }) => ({
      id,
      paths: [/** @type {string} */ (thumbnail)],
      fields: { thumbnail: null },
    })),
  ];
}

/**
 * Keeps the mini-program's files within a limit.
 * @param {{ files: Files, limit?: number }} parts `limit` in bytes
 */
function createQuota({ files, limit = LIMIT }) {
  async function used() {
    const sizes = await Promise.all(FOLDERS.map((folder) => files.size(folder)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Removes files until the limit is met; removes nothing if that is impossible.
   * @param {Scans} scans
   * @returns {Promise<boolean>}
   */
  async function comply(scans) {
    let over = (await used()) - limit;
    if (over <= 0) return true;
    const chosen = [];
    for (const candidate of releases(removable(scans))) {
      const sizes = await Promise.all(candidate.paths.map((path) => files.size(path)));
      chosen.push(candidate);
      over -= sizes.reduce((sum, size) => sum + size, 0);
      if (over <= 0) break;
    }
    if (over > 0) return false;
    for (const candidate of chosen) await give(scans, candidate);
    return true;
  }

  /**
   * Removes one item when the system reports a full disk although the limit is met.
   * @param {Scans} scans
   * @returns {Promise<boolean>}
   */
  async function giveOne(scans) {
    const [first] = releases(removable(scans));
    if (!first) return false;
    await give(scans, first);
    return true;
  }

  /**
   * Skips a scan that needs its photos again.
   * @param {Scans} scans
   * @param {Release} chosen
   */
  async function give(scans, chosen) {
    const still = releases(removable(scans)).some(({ id, paths }) => id === chosen.id && paths[0] === chosen.paths[0]);
    if (still) await release(files, scans, chosen);
  }

  return { used, comply, giveOne };
}

/**
 * Scans whose files may be removed, oldest first. A state that is not on disk yet may still need its files.
 * @param {Scans} scans
 */
const removable = (scans) => scans.all().filter(({ id }) => scans.isSaved(id)).reverse();

module.exports = { createQuota, releases, LIMIT };
