// @ts-check

/**
 * A message that WeChat may take apart. `postMessage` of a worker deletes every ArrayBuffer from the arrays and objects that
 * it is given, however deep they are nested, so they must not belong to the caller. Arrays and plain objects are copied;
 * the bytes are not.
 *
 * `worker/message.js` is the same function for the worker, which cannot load files from outside its folder.
 * @template T
 * @param {T} value
 * @returns {T}
 */
function ownMessage(value) {
  if (Array.isArray(value)) return /** @type {any} */ (value.map(ownMessage));
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const [key, inner] of Object.entries(/** @type {object} */ (value))) copy[key] = ownMessage(inner);
  return /** @type {any} */ (copy);
}

module.exports = { ownMessage };
