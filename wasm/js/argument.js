import { failure } from "./failure.js";

/**
 * Bytes as a `Uint8Array`, without copying them. The view is always rebuilt, which fails for a buffer that was transferred,
 * whereas the view of a transferred buffer looks like an empty one until it is used.
 * @param {unknown} value
 * @param {string} name what the caller calls it
 */
export function bytes(value, name) {
  try {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Not `instanceof`: a buffer may come from another realm, as from a worker or a test runner's sandbox.
    if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new Uint8Array(value);
  } catch {
    throw failure("bad_argument", `the bytes of ${name} were transferred to another thread; keep a copy`);
  }
  throw failure("bad_argument", `${name} is ${kind(value)}; give its bytes as a Uint8Array or an ArrayBuffer`);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
export function text(value, name) {
  if (typeof value === "string") return value;
  throw failure("bad_argument", `${name} is ${kind(value)}; give a string`);
}

/**
 * A string, or the bytes of its UTF-8 file, which is what a phone reads from its package.
 * @param {unknown} value
 * @param {string} name
 * @param {{ decode(bytes: Uint8Array): string }} decoder
 */
export function textFile(value, name, decoder) {
  return typeof value === "string" ? value : decoder.decode(bytes(value, name));
}

/**
 * A plain object as the text that the module reads.
 * @param {unknown} value
 * @param {string} name
 */
export function json(value, name) {
  let written;
  try {
    written = JSON.stringify(value);
  } catch {
    // A ring of objects, or a number of another kind.
  }
  if (written !== undefined) return written;
  throw failure("bad_argument", `${name} is ${kind(value)}; give the prediction as it was answered`);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {string[]}
 */
export function listOfText(value, name) {
  return list(value, name, text);
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint8Array[]}
 */
export function listOfBytes(value, name) {
  return list(value, name, bytes);
}

function list(value, name, checked) {
  if (!Array.isArray(value)) throw failure("bad_argument", `${name} are ${kind(value)}; give an array`);
  // All items are there before the first is looked at: a getter of the caller's may still change others. Not `map` alone,
  // which skips holes.
  return Array.from(value).map((item, index) => checked(item, `${name}[${index}]`));
}

function kind(value) {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return Array.isArray(value) ? "an array" : `a ${value.constructor?.name ?? "plain object"}`;
}
