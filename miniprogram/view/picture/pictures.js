// @ts-check

/**
 * The best available pictures of a scan: its photos, else this session's originals, else its thumbnail.
 * @param {Scan} scan
 * @param {{ originals: Map<string, string[]>, url: (path: string) => string }} from
 * @returns {string[]}
 */
function picturesOf(scan, { originals, url }) {
  if (scan.photos.length) return scan.photos.map(url);
  return originals.get(scan.id) || (scan.thumbnail ? [url(scan.thumbnail)] : []);
}

module.exports = { picturesOf };
