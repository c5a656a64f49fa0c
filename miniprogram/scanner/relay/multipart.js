// @ts-check
const { joined } = require("../basics/bytes.js");
const { encodeUtf8 } = require("../basics/utf8.js");

/**
 * Builds a multipart/form-data body, since `wx.uploadFile` sends only one file, from disk.
 * @param {string} name of every photo's part
 * @param {ArrayBuffer[]} photos
 * @param {Record<string, string>} [fields] text parts, sent as UTF-8; their names are ASCII
 * @returns {{ contentType: string, body: ArrayBuffer }}
 */
function multipart(name, photos, fields = {}) {
  const parts = photos.map((photo) => new Uint8Array(photo));
  const texts = Object.keys(fields).map((field) => ({ field, content: encodeUtf8(fields[field]) }));
  const boundary = boundaryFor([...parts, ...texts.map(({ content }) => content)]);
  const pieces = [];
  for (const { field, content } of texts) {
    pieces.push(ascii(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n`), content, ascii("\r\n"));
  }
  parts.forEach((part, index) => {
    const disposition = `form-data; name="${name}"; filename="${index}.jpg"`;
    const head = `Content-Disposition: ${disposition}\r\nContent-Type: application/octet-stream`;
    pieces.push(ascii(`--${boundary}\r\n${head}\r\n\r\n`), part, ascii("\r\n"));
  });
  pieces.push(ascii(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: joined(pieces) };
}

/**
 * Chooses a boundary that occurs in no part, by searching, so that a photo that contains an earlier upload works too.
 * @param {Uint8Array[]} parts
 */
function boundaryFor(parts) {
  for (let n = 0; ; n += 1) {
    const boundary = `mango-scout-${n}-photo`;
    const bytes = ascii(boundary);
    if (!parts.some((part) => holds(part, bytes))) return boundary;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} sought
 */
function holds(bytes, sought) {
  // `indexOf` is native, which matters on phones that interpret JavaScript.
  for (let at = bytes.indexOf(sought[0]); at >= 0; at = bytes.indexOf(sought[0], at + 1)) {
    if (sought.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/** @param {string} text */
function ascii(text) {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

module.exports = { multipart };
