// @ts-check

/**
 * Decodes UTF-8; phones have no TextDecoder. Throws a URIError on invalid bytes.
 * @param {ArrayBuffer} file
 */
function decodeUtf8(file) {
  const escaped = Array.from(new Uint8Array(file), (byte) => ESCAPES[byte]);
  return decodeURIComponent(escaped.join("")).replace(/^\uFEFF/, "");
}

const ESCAPES = Array.from({ length: 256 }, (_, byte) => `%${byte < 16 ? "0" : ""}${byte.toString(16)}`);

module.exports = { decodeUtf8 };
