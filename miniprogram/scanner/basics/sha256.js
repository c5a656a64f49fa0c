// @ts-check

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, of the square roots of the first 8. */
const PRIMES = primes(64);
const ROUND = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

/** Bytes between two pauses: tens of milliseconds with interpreted JavaScript. */
const SLICE = 64 * 1024;

/**
 * SHA-256, since mini-programs have no `crypto`.
 * @param {ArrayBuffer} buffer
 * @returns {string} 64 hexadecimal digits
 */
function sha256(buffer) {
  const state = Int32Array.from(START);
  compressAll(state, buffer, 0, wholeBlocks(buffer));
  return digest(state, buffer);
}

/**
 * SHA-256 of a large file, in slices, so that the page stays responsive.
 * @param {ArrayBuffer} buffer
 * @param {Clock} clock
 * @returns {Promise<string>}
 */
async function sha256InSlices(buffer, clock) {
  const state = Int32Array.from(START);
  const whole = wholeBlocks(buffer);
  for (let at = 0; at < whole; at += SLICE) {
    compressAll(state, buffer, at, Math.min(at + SLICE, whole));
    await new Promise((resolve) => clock.after(0, () => resolve(undefined)));
  }
  return digest(state, buffer);
}

/** @param {ArrayBuffer} buffer */
const wholeBlocks = (buffer) => buffer.byteLength - (buffer.byteLength % 64);

/**
 * @param {Int32Array} state
 * @param {ArrayBuffer} buffer
 * @param {number} from
 * @param {number} to
 */
function compressAll(state, buffer, from, to) {
  const words = new Int32Array(64);
  const view = new DataView(buffer);
  for (let at = from; at < to; at += 64) compress(state, words, view, at);
}

/**
 * @param {Int32Array} state after the whole blocks
 * @param {ArrayBuffer} buffer
 */
function digest(state, buffer) {
  const tail = padded(new Uint8Array(buffer, wholeBlocks(buffer)), buffer.byteLength);
  compressAll(state, tail, 0, tail.byteLength);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/**
 * @param {Uint8Array} rest bytes after the last whole block
 * @param {number} length of the message
 */
function padded(rest, length) {
  const blocks = new Uint8Array(rest.length < 56 ? 64 : 128);
  blocks.set(rest);
  blocks[rest.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(blocks.length - 4, (length << 3) >>> 0);
  return blocks.buffer;
}

/**
 * @param {Int32Array} state
 * @param {Int32Array} words room for 64
 * @param {DataView} view
 * @param {number} at where the block begins
 */
function compress(state, words, view, at) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const [early, late] = [words[i - 15], words[i - 2]];
    const low = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const high = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[i] = words[i - 16] + low + words[i - 7] + high;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const chosen = (e & f) ^ (~e & g);
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + ROUND[i] + words[i]) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + most;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * @param {number} word
 * @param {number} by
 */
function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** @param {number} count */
function primes(count) {
  /** @type {number[]} */
  const found = [];
  for (let n = 2; found.length < count; n += 1) {
    if (found.every((prime) => n % prime !== 0)) found.push(n);
  }
  return found;
}

/** @param {number} root */
function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 0x100000000) | 0;
}

module.exports = { sha256, sha256InSlices };
