// @ts-check
const assert = require("node:assert/strict");
const zlib = require("node:zlib");
const { test } = require("node:test");
const fc = require("fast-check");
const { encodeBase64 } = require("../../../scanner/basics/base64.js");
const { heatMapOverlay } = require("../../../view/picture/heat-map.js");
const { palettePng } = require("../../../view/picture/png.js");

/**
 * What a decoder makes of a PNG: chunks with their sums checked by zlib, pixels unpacked.
 * @param {Buffer} png
 */
function read(png) {
  assert.equal(png.toString("latin1", 0, 8), "\x89PNG\r\n\x1a\n");
  /** @type {Record<string, Buffer>} */
  const chunks = {};
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    // Node 20 has no zlib.crc32; gzip's trailer has one.
    assert.equal(png.readUInt32BE(at + 8 + length), zlib.gzipSync(body).readUInt32LE(zlib.gzipSync(body).length - 8));
    chunks[body.toString("latin1", 0, 4)] = body.subarray(4);
  }
  const width = chunks.IHDR.readUInt32BE(0);
  const height = chunks.IHDR.readUInt32BE(4);
  const lines = zlib.inflateSync(chunks.IDAT);
  assert.equal(lines.length, (width + 1) * height);
  const pixel = (/** @type {number} */ x, /** @type {number} */ y) => lines[y * (width + 1) + 1 + x];
  return { width, height, pixel, alpha: (/** @type {number} */ x, /** @type {number} */ y) => chunks.tRNS[pixel(x, y)], chunks };
}

/** @param {number[]} values @param {number} width @param {number} height */
function overlayOf(values, width, height) {
  const { src, style } = heatMapOverlay({ width, height, values, view: { left: 0.125, top: 0, width: 0.75, height: 1 } });
  assert.ok(src.startsWith("data:image/png;base64,"));
  return { style, png: read(Buffer.from(src.slice(22), "base64")) };
}

test("a picture of any size comes back as it was, past what one block holds too", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.nat(255)), (width, height, bytes) => {
    const pixels = Uint8Array.from(bytes.take(width * height));
    const png = read(Buffer.from(palettePng(width, height, pixels, [[1, 2, 3, 4]])));
    for (let at = 0; at < pixels.length; at += 1) assert.equal(png.pixel(at % width, Math.floor(at / width)), pixels[at]);
  }), { numRuns: 30 });
  const large = read(Buffer.from(palettePng(300, 300, new Uint8Array(90000).fill(7), [[0, 0, 0, 0]])));
  assert.deepEqual([large.width, large.pixel(299, 299)], [300, 7]);
});

test("base64 is as Node's", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"))));
});

test("the hot spot is opaque where it is, and what says nothing is clear", () => {
  const { png } = overlayOf([0, 0, 0, 1], 2, 2);
  const last = png.width - 1;
  assert.ok(png.alpha(last, last) > 150);
  assert.equal(png.alpha(0, 0), 0);
  assert.equal(png.alpha(last, 0), 0);
});

test("it lies over the part of the photo that was looked at", () => {
  assert.equal(overlayOf([1], 1, 1).style, "left:12.50%;top:0.00%;width:75.00%;height:100.00%");
});

test("interpolation has no steps", () => {
  const { png } = overlayOf([0, 1], 2, 1);
  const row = Array.from({ length: png.width }, (_, x) => png.pixel(x, 3));
  assert.deepEqual([...row].sort((a, b) => a - b), row);
  assert.ok(row.every((value, x) => x === 0 || value - row[x - 1] < 12));
});

test("values out of range are clamped", () => {
  assert.equal(overlayOf([-1, 2, NaN, 0.5], 2, 2).png.width, 72);
});
