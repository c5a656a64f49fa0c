"use strict";
const { crc32, deflateSync } = require("node:zlib");

/**
 * A PNG of something like a leaf, another one for each number.
 * @param {number} seed
 * @param {number} [side]
 * @returns {Buffer}
 */
function picture(seed, side = 320) {
  const height = Math.round((side * 3) / 4);
  const rows = Buffer.alloc(height * (1 + 3 * side));
  const random = lcg(seed);
  const spots = Array.from({ length: 3 + (seed % 9) }, () => [0.25 + random() / 2, 0.3 + random() * 0.4, 0.01 + random() * 0.05]);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [u, v] = [x / side, y / height];
      rows.set(colour(u, v, spots, seed), y * (1 + 3 * side) + 1 + 3 * x);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function colour(u, v, spots, seed) {
  const [dx, dy] = [(u - 0.5) / 0.46, (v - 0.5) / (0.12 + 0.03 * (seed % 5))];
  if (dx * dx + dy * dy > 1) return [226, 222, 214];
  if (Math.abs(v - 0.5) < 0.006) return [180, 200, 120];
  const spotted = spots.some(([x, y, r]) => (u - x) ** 2 + (v - y) ** 2 < r * r);
  if (spotted) return [(60 + seed * 37) % 256, (40 + seed * 17) % 128, 30];
  return [50 + Math.round(30 * v), 110 + ((seed * 13) % 60), 45];
}

/** Numbers that look random and are the same each time. */
function lcg(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** @param {Buffer} bytes */
const buffer = (bytes) => new Uint8Array(bytes).buffer;

module.exports = { picture, buffer };
