// @ts-check
const { joined } = require("./bytes.js");
const { failure } = require("./failure.js");

/** @param {string} text */
const ascii = (text) => Array.from(text, (letter) => letter.charCodeAt(0));
const EXIF = ascii("Exif\0\0");
const ICC = ascii("ICC_PROFILE\0");
const JFIF = ascii("JFIF\0");
const ADOBE = ascii("Adobe");
/** Bytes of a JFIF segment without its thumbnail, and of Adobe's colour segment. */
const JFIF_LENGTH = 14;
const ADOBE_LENGTH = 12;
/** Exif tag of the orientation, and its type. */
const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * Removes camera metadata from a JPEG: place, time, device, thumbnails, previews, and data after the picture. Keeps the
 * orientation, without which the photo would be rotated, and colour profiles.
 * @param {ArrayBuffer} jpeg
 * @returns {ArrayBuffer}
 */
function withoutMetadata(jpeg) {
  const bytes = new Uint8Array(jpeg);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw failure("not_a_photo", "the photo is not a JPEG");
  /** @type {Uint8Array[]} */
  const kept = [];
  let orientation = 1;
  let at = 2;
  for (;;) {
    at = markerAt(bytes, at);
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (isStandalone(marker)) {
      at += 2;
      continue;
    }
    const end = at + 2 + uint16(bytes, at + 2, false);
    if (end > bytes.length || end < at + 4) throw cutOff();
    const content = bytes.subarray(at + 4, end);
    if (marker === 0xe1 && begins(content, EXIF)) orientation = orientationOf(content.subarray(EXIF.length));
    const next = marker === 0xda ? scanEnd(bytes, end) : end;
    if (isPicture(marker)) kept.push(bytes.subarray(at, next));
    else kept.push(...colourSegment(marker, content));
    at = next;
  }
  const head = [Uint8Array.of(0xff, 0xd8), ...(orientation === 1 ? [] : [exifOf(orientation)])];
  return joined([...head, ...kept, Uint8Array.of(0xff, 0xd9)]);
}

/**
 * Offset of the next marker; any number of fill bytes (0xff) may precede it.
 * @param {Uint8Array} bytes @param {number} from
 */
function markerAt(bytes, from) {
  let at = from;
  if (bytes[at] !== 0xff) throw cutOff();
  while (bytes[at + 1] === 0xff) at += 1;
  if (at + 1 >= bytes.length) throw cutOff();
  return at;
}

/** Markers without a segment, which mean nothing outside of a scan. @param {number} marker */
const isStandalone = (marker) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Frames, scans and their tables; the reserved markers below and above could hold anything. @param {number} marker */
const isPicture = (marker) => marker >= 0xc0 && marker <= 0xdf;

/**
 * JFIF, colour profile and Adobe segments define how colours are read; whatever else they have is left out.
 * @param {number} marker @param {Uint8Array} content
 * @returns {Uint8Array[]} none for other segments
 */
function colourSegment(marker, content) {
  if (marker === 0xe2 && begins(content, ICC)) return [segment(marker, content)];
  if (marker === 0xee && begins(content, ADOBE)) return [segment(marker, content.subarray(0, ADOBE_LENGTH))];
  if (marker !== 0xe0 || !begins(content, JFIF) || content.length < JFIF_LENGTH) return [];
  const withoutThumbnail = content.slice(0, JFIF_LENGTH).fill(0, JFIF_LENGTH - 2);
  return [segment(marker, withoutThumbnail)];
}

/** @param {number} marker @param {Uint8Array} content */
function segment(marker, content) {
  const length = 2 + content.length;
  return Uint8Array.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** Offset of the next marker after a scan's compressed data. @param {Uint8Array} bytes @param {number} from */
function scanEnd(bytes, from) {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    // Stuffed bytes, restart markers and fill bytes belong to the scan.
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw cutOff();
}

/** 1 to 8; 1 (upright) if it cannot be read. @param {Uint8Array} tiff */
function orientationOf(tiff) {
  const little = tiff[0] === 0x49;
  const directory = uint32(tiff, 4, little);
  const count = uint16(tiff, directory, little);
  for (let entry = directory + 2, left = count; left > 0 && entry + 12 <= tiff.length; entry += 12, left -= 1) {
    if (uint16(tiff, entry, little) !== ORIENTATION || uint16(tiff, entry + 2, little) !== SHORT) continue;
    const value = uint16(tiff, entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An Exif segment with the orientation only. @param {number} orientation */
function exifOf(orientation) {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  return segment(0xe1, Uint8Array.from([...EXIF, ...tiff]));
}

/** @param {Uint8Array} bytes @param {number} at @param {boolean} little */
function uint16(bytes, at, little) {
  const [first, second] = [bytes[at] || 0, bytes[at + 1] || 0];
  return little ? first + second * 256 : first * 256 + second;
}

/** @param {Uint8Array} bytes @param {number} at @param {boolean} little */
function uint32(bytes, at, little) {
  const [first, second] = [uint16(bytes, at, little), uint16(bytes, at + 2, little)];
  return little ? first + second * 65536 : first * 65536 + second;
}

/** @param {Uint8Array} bytes @param {number[]} prefix */
const begins = (bytes, prefix) => prefix.every((byte, at) => bytes[at] === byte);

const cutOff = () => failure("photo_cut_off", "the JPEG ends before its picture does");

module.exports = { withoutMetadata };
