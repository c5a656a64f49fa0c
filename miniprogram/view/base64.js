// @ts-check

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const three = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    text += LETTERS[three >> 18] + LETTERS[(three >> 12) & 63];
    text += left > 1 ? LETTERS[(three >> 6) & 63] : "=";
    text += left > 2 ? LETTERS[three & 63] : "=";
  }
  return text;
}

module.exports = { base64 };
