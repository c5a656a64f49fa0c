"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { withoutMetadata } = require("../../../scanner/basics/jpeg.js");

/** @param {number} marker @param {number[] | Buffer} content */
const segment = (marker, content) => Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content]);

/** @param {number} [side] of the thumbnail */
const jfif = (side = 0) => Buffer.concat([Buffer.from("JFIF\0"), Buffer.from([1, 2, 0, 0, 1, 0, 1, side, side]), Buffer.alloc(3 * side * side, "thumbnail")]);
const JFIF = segment(0xe0, jfif());
const TABLES = segment(0xdb, Buffer.alloc(65, 1));
const SCAN = Buffer.concat([segment(0xda, [1, 1, 0, 0, 63, 0]), Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4])]);
const END = Buffer.from([0xff, 0xd9]);

/** Exif with an orientation and a place. @param {number} orientation @param {boolean} little */
function exif(orientation, little) {
  const tiff = Buffer.alloc(64);
  const u16 = (/** @type {number} */ value, /** @type {number} */ at) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (/** @type {number} */ value, /** @type {number} */ at) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  tiff.write(little ? "II" : "MM");
  u16(42, 2);
  u32(8, 4);
  u16(2, 8);
  [[0x0112, 3, 1, orientation], [0x8825, 4, 1, 38]].forEach(([tag, type, count, value], index) => {
    const at = 10 + index * 12;
    u16(tag, at);
    u16(type, at + 2);
    u32(count, at + 4);
    if (type === 3) u16(value, at + 8);
    else u32(value, at + 8);
  });
  tiff.write("18.2N 109.5E", 40);
  return segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), tiff]));
}

/** @param {Buffer[]} pieces */
const jpeg = (...pieces) => Uint8Array.from(Buffer.concat([Buffer.from([0xff, 0xd8]), ...pieces])).buffer;

/** @param {ArrayBuffer} bytes */
const text = (bytes) => Buffer.from(bytes).toString("latin1");

test("place, time, previews, comments and what follows the picture are gone; pixels and colours stay", () => {
  const icc = segment(0xe2, Buffer.from("ICC_PROFILE\0colours"));
  const adobe = segment(0xee, Buffer.from("Adobe colour"));
  const photo = jpeg(JFIF, exif(1, true), segment(0xe1, Buffer.from("http://ns.adobe.com/xap/1.0/\0GPS")), icc, segment(0xe2, Buffer.from("MPF\0preview")), segment(0xee, Buffer.from("Ducky quality")), segment(0xed, Buffer.from("Photoshop")), adobe, segment(0xfe, Buffer.from("a comment")), TABLES, SCAN, END, Buffer.from("a film of the garden"));
  assert.deepEqual(Buffer.from(withoutMetadata(photo)), Buffer.from(jpeg(JFIF, icc, adobe, TABLES, SCAN, END)));
});

for (const little of [true, false]) {
  test(`the orientation stays, from ${little ? "Intel's" : "Motorola's"} order of bytes`, () => {
    const clean = withoutMetadata(jpeg(JFIF, exif(6, little), TABLES, SCAN, END));
    assert.doesNotMatch(text(clean), /109\.5E/);
    const [, orientation] = /\x01\x12\0\x03\0\0\0\x01\0(.)/s.exec(text(clean)) || [];
    assert.equal(orientation.charCodeAt(0), 6);
    assert.deepEqual(Buffer.from(withoutMetadata(clean)), Buffer.from(clean), "what is clean stays as it is");
  });
}

test("pictures of several scans are kept whole", () => {
  const photo = jpeg(JFIF, TABLES, SCAN, TABLES, SCAN, END);
  assert.deepEqual(withoutMetadata(photo), photo);
});

test("thumbnails in the first segments are gone", () => {
  const photo = jpeg(segment(0xe0, jfif(4)), segment(0xe0, Buffer.from("JFXX\0\x10thumbnail")), segment(0xe0, Buffer.from("AVI1 thumbnail")), TABLES, SCAN, END);
  assert.deepEqual(Buffer.from(withoutMetadata(photo)), Buffer.from(jpeg(JFIF, TABLES, SCAN, END)));
});

test("metadata behind fill bytes, lone markers and reserved markers are gone", () => {
  const fill = Buffer.from([0xff, 0xff]);
  const reserved = [segment(0x02, Buffer.from("109.5E")), segment(0xf0, Buffer.from("109.5E"))];
  for (const pieces of [[fill, exif(1, true), fill], [Buffer.from([0xff, 0x01, 0xff, 0xd0]), exif(1, false)], reserved]) {
    const clean = withoutMetadata(jpeg(JFIF, ...pieces, TABLES, SCAN, fill, END));
    assert.doesNotMatch(text(clean), /109\.5E|Exif/);
    assert.ok(text(clean).includes(TABLES.toString("latin1")) && text(clean).includes(SCAN.toString("latin1")));
  }
  const behindScan = withoutMetadata(jpeg(JFIF, TABLES, SCAN, fill, exif(1, true), TABLES, SCAN, END));
  assert.doesNotMatch(text(behindScan), /109\.5E|Exif/);
});

test("a file that is not a JPEG, or ends early, is refused with a message", () => {
  assert.throws(() => withoutMetadata(Uint8Array.of(0x89, 0x50, 0x4e, 0x47).buffer), { code: "not_a_photo" });
  const whole = new Uint8Array(jpeg(JFIF, exif(6, false), TABLES, SCAN, END));
  for (let length = 2; length < whole.length; length += 1) {
    assert.throws(() => withoutMetadata(whole.slice(0, length).buffer), { code: "photo_cut_off" }, `${length} bytes`);
  }
});

test("no bytes hang it or make it throw anything else", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    try {
      withoutMetadata(Uint8Array.from([0xff, 0xd8, ...bytes]).buffer);
    } catch (error) {
      assert.equal(error.code, "photo_cut_off");
    }
  }));
});
