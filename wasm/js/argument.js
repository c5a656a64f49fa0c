import { failure } from "./failure.js";

/**
 * Bytes as a `Uint8Array`, without copying them.
 * @param {unknown} value
 * @param {string} name what the caller calls it
 */
export function bytes(value, name) {
  if (value instanceof Uint8Array) return value;
  // Not `instanceof`: a buffer may come from another realm, as from a worker or a test runner's sandbox.
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
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
 * @param {unknown} value
 * @param {string} name
 * @returns {Uint8Array[]}
 */
export function listOfBytes(value, name) {
  if (!Array.isArray(value)) throw failure("bad_argument", `${name} are ${kind(value)}; give an array`);
  return value.map((item, index) => bytes(item, `${name}[${index}]`));
}

function kind(value) {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  return Array.isArray(value) ? "an array" : `a ${value.constructor?.name ?? "plain object"}`;
}
