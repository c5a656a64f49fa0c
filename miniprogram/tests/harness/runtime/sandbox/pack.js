"use strict";

/**
 * How WeChat passes a message between a page and a worker. Loaded as a script by the browser's page and worker, and by
 * `require` in Node.
 *
 * The message goes as JSON, its ArrayBuffers as base64 beside it. WeChat packs in place: each ArrayBuffer is deleted from
 * the array or object of the caller that holds it.
 * @param {any} message changed by the call
 * @returns {{ received: any, bytes: number }} what the other side gets, and the length of what is passed
 */
function packMessage(message) {
  let bytes = 0;
  const received = pack(message, "message");
  bytes += JSON.stringify(received, (_, value) => (isBuffer(value) ? undefined : value)).length;
  return { received, bytes };

  /** @param {any} value @param {string} place */
  function pack(value, place) {
    if (isBuffer(value)) {
      bytes += 4 * Math.ceil(value.byteLength / 3);
      return value.slice(0);
    }
    if (typeof value === "number") return Number.isFinite(value) ? value : null;
    if (value === null || ["string", "boolean", "undefined"].includes(typeof value)) return value;
    const isArray = Array.isArray(value);
    if (!isArray && Object.prototype.toString.call(value) !== "[object Object]") {
      throw new TypeError(`postMessage:fail ${place} is ${Object.prototype.toString.call(value)}; send plain values and ArrayBuffers`);
    }
    /** @type {any} */
    const copy = isArray ? [] : {};
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (inner === undefined) continue;
      copy[key] = pack(inner, `${place}.${key}`);
      if (isBuffer(inner)) delete value[key];
    }
    if (isArray) for (let at = 0; at < value.length; at += 1) if (!(at in copy)) copy[at] = null;
    return copy;
  }

  /** Also of another realm. @param {any} value */
  function isBuffer(value) {
    return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
  }
}

if (typeof module !== "undefined") module.exports = { packMessage };
