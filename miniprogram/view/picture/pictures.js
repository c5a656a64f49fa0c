// @ts-check

/**
 * The best pictures there are of a scan: its photos; else those of this session as they were taken; else its thumbnail.
 * @param {Scan} scan
 * @param {{ originals: Map<string, string[]>, url: (path: string) => string }} from
 * @returns {string[]}
 */
function picturesOf(scan, { originals, url }) {
  if (scan.photos.length) return scan.photos.map(url);
  return originals.get(scan.id) || (scan.thumbnail ? [url(scan.thumbnail)] : []);
}

module.exports = { picturesOf };
