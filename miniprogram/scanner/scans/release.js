// @ts-check

/** @typedef {{ id: string, paths: string[], fields: Partial<Scan> }} Release files of a scan to remove, and its record without them */

/**
 * The part of the scan store that a release needs.
 * @typedef {object} Scans
 * @property {() => Scan[]} all newest first
 * @property {(id: string) => boolean} isSaved
 * @property {(id: string, event: null, fields: Partial<Scan>) => unknown} change
 */

/**
 * Drops the file paths from the record first; the files are removed after it.
 * @param {Files} files
 * @param {Pick<Scans, "change">} scans
 * @param {Release} what
 */
async function release(files, scans, { id, paths, fields }) {
  scans.change(id, null, fields);
  // Files that cannot be removed now are removed at the next start.
  for (const path of paths) await files.remove(path).catch(() => undefined);
}

module.exports = { release };
