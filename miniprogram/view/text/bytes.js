// @ts-check

/**
 * A human-readable size: `640 KB`, `12.3 MB`.
 * @param {number} bytes
 */
function sizeText(bytes) {
  if (bytes < 1000 * 1000) return `${Math.ceil(bytes / 1000)} KB`;
  return `${(bytes / 1000 / 1000).toFixed(1)} MB`;
}

module.exports = { sizeText };
