// @ts-check
const { encodeUtf8 } = require("../basics/utf8.js");

/** Longest text field that the relay accepts, in bytes of UTF-8. */
const MAX_BYTES = 64;

/**
 * Makes a text acceptable as a field of the relay's form: removes control characters, and cuts it after a whole character.
 * @param {string} text
 */
function formText(text) {
  const characters = Array.from(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").trim());
  let bytes = 0;
  const end = characters.findIndex((character) => {
    bytes += encodeUtf8(character).length;
    return bytes > MAX_BYTES;
  });
  return characters.slice(0, end < 0 ? undefined : end).join("");
}

module.exports = { formText };
