// @ts-check
const { isOpen } = require("./states.js");

/** WeChat allows 200 MB; the rest is for a model update. */
const LIMIT = 150 * 1000 * 1000;

/** Files that count towards the limit. */
const FOLDERS = ["scans", "models", "orchard", "draft"];

/** @typedef {{ id: string, paths: string[], fields: Partial<Scan> }} Release what is let go of a scan, and what it then lacks */

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
 * @param {{ files: Files, limit?: number, scans: () => Scan[], release: (release: Release) => Promise<void> }} parts
 *   `scans` are those whose files may be removed, oldest first
 */
function createQuota({ files, limit = LIMIT, scans, release }) {
  async function used() {
    const sizes = await Promise.all(FOLDERS.map((folder) => files.size(folder)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Removes files until the limit is met; removes nothing if that is impossible.
   * @returns {Promise<boolean>}
   */
  async function comply() {
    let over = (await used()) - limit;
    if (over <= 0) return true;
    const chosen = [];
    for (const candidate of releases(scans())) {
      const sizes = await Promise.all(candidate.paths.map((path) => files.size(path)));
      chosen.push(candidate);
      over -= sizes.reduce((sum, size) => sum + size, 0);
      if (over <= 0) break;
    }
    if (over > 0) return false;
    for (const candidate of chosen) await give(candidate);
    return true;
  }

  /**
   * Removes one item when the system reports a full disk although the limit is met.
   * @returns {Promise<boolean>}
   */
  async function giveOne() {
    const [first] = releases(scans());
    if (!first) return false;
    await give(first);
    return true;
  }

  /**
   * Skips a scan that needs its photos again.
   * @param {Release} chosen
   */
  async function give(chosen) {
    const still = releases(scans()).some(({ id, paths }) => id === chosen.id && paths[0] === chosen.paths[0]);
    if (still) await release(chosen);
  }

  return { used, comply, giveOne };
}

module.exports = { createQuota, releases, LIMIT };
