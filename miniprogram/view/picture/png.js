// @ts-check

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PALETTE_COLOURS = 3;
/** Most bytes that one stored block of deflate holds. */
const BLOCK = 65535;

/**
 * Encodes a PNG with a palette and transparency, uncompressed: for small, short-lived pictures.
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} pixels indices into the palette, row by row
 * @param {number[][]} palette red, green, blue, alpha of each colour, 0 to 255; at most 256
 */
function palettePng(width, height, pixels, palette) {
  const header = [...uint32(width), ...uint32(height), 8, PALETTE_COLOURS, 0, 0, 0];
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("PLTE", palette.reduce((all, [red, green, blue]) => all.concat(red, green, blue), /** @type {number[]} */ ([]))),
    ...chunk("tRNS", palette.map((colour) => colour[3])),
    ...chunk("IDAT", stored(scanLines(width, height, pixels))),
    ...chunk("IEND", []),
  ]);
}

/** @param {number} width @param {number} height @param {Uint8Array} pixels */
function scanLines(width, height, pixels) {
  const lines = [];
  for (let row = 0; row < height; row += 1) {
    lines.push(0);
    for (let column = 0; column < width; column += 1) lines.push(pixels[row * width + column]);
  }
  return lines;
}

/** @param {string} name @param {number[]} content */
function chunk(name, content) {
  const body = [...name].map((letter) => letter.charCodeAt(0)).concat(content);
  return [...uint32(content.length), ...body, ...uint32(crc32(body))];
}

/** The bytes as a zlib stream that stores them. @param {number[]} bytes */
function stored(bytes) {
  const stream = [0x78, 0x01];
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const part = bytes.slice(start, start + BLOCK);
    const last = start + BLOCK >= bytes.length ? 1 : 0;
    stream.push(last, part.length & 255, part.length >> 8, ~part.length & 255, (~part.length >> 8) & 255);
    for (const byte of part) stream.push(byte);
  }
  return stream.concat(uint32(adler32(bytes)));
}

/** @param {number} value */
function uint32(value) {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** @param {number[]} bytes */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** @param {number[]} bytes */
function adler32(bytes) {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}

module.exports = { palettePng };
