import { failure } from "./failure.js";

/**
 * Bytes as a `Uint8Array`, without a copy. A new view is always created, which fails for a transferred buffer; an existing
 * view of a transferred buffer would look empty.
 * @param {unknown} value
 * @param {string} name what the caller calls it
 */
export function bytes(value, name) {
  try {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Not `instanceof`: a buffer may come from another realm, such as a worker or a test runner's sandbox.
    if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new Uint8Array(value);
  } catch {
    throw failure("bad_argument", `the bytes of ${name} were transferred to another thread; keep a copy`);
  }
  throw failure("bad_argument", `${name} is ${typeName(value)}; give its bytes as a Uint8Array or an ArrayBuffer`);
}

/**
 * @param {unknown} value
 * @param {string} name
 */
export function text(value, name) {
  if (typeof value === "string") return value;
  throw failure("bad_argument", `${name} is ${typeName(value)}; give a string`);
}

/**
 * A string, or its UTF-8 bytes, which a phone reads from its package.
 * @param {unknown} value
 * @param {string} name
 * @param {{ decode(bytes: Uint8Array): string }} decoder
 */
export function textFile(value, name, decoder) {
  return typeof value === "string" ? value : decoder.decode(bytes(value, name));
}

/**
 * A plain object as JSON text for the module.
 * @param {unknown} value
 * @param {string} name
 */
export function json(value, name) {
  let written;
  try {
    written = JSON.stringify(value);
  } catch {
    // A circular structure or a BigInt.
  }
  if (written !== undefined) return written;
  throw failure("bad_argument", `${name} is ${typeName(value)}; give the prediction as it was answered`);
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
  if (!Array.isArray(value)) throw failure("bad_argument", `${name} are ${typeName(value)}; give an array`);
  // All items are read before the first is checked, since a caller's getter may change others. `Array.from`, since `map`
  // skips holes.
  return Array.from(value).map((item, index) => checked(item, `${name}[${index}]`));
}

function typeName(value) {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return Array.isArray(value) ? "an array" : `a ${value.constructor?.name ?? "plain object"}`;
}
