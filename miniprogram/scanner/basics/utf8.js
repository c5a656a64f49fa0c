// @ts-check

/**
 * Decodes UTF-8; phones have no TextDecoder. Throws a URIError on invalid bytes.
 * @param {ArrayBuffer} file
 */
function decodeUtf8(file) {
  const escaped = Array.from(new Uint8Array(file), (byte) => ESCAPES[byte]);
  return decodeURIComponent(escaped.join("")).replace(/^\uFEFF/, "");
}

/**
 * Encodes text as UTF-8; phones have no TextEncoder. Half a surrogate pair becomes U+FFFD.
 * @param {string} text
 * @returns {Uint8Array}
 */
function encodeUtf8(text) {
  const escaped = encodeURIComponent(Array.from(text, (character) => (/^[\ud800-\udfff]$/.test(character) ? "\ufffd" : character)).join(""));
  return Uint8Array.from(escaped.match(/%..|[^]/g) || [], (piece) => (piece.length === 3 ? parseInt(piece.slice(1), 16) : piece.charCodeAt(0)));
}

const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte < 16 ? "0" : ""}${byte.toString(16)}`);

module.exports = { decodeUtf8, encodeUtf8 };
