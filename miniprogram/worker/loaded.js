// @ts-check

/** The model that is loaded; `null` before `start`. */
let current = /** @type {any} */ (null);

/** Its memory is freed at once: two models side by side are too much for a small phone. */
function replace(/** @type {any} */ scout) {
  const before = current;
  current = scout;
  if (before) before.free();
}

function scout() {
  if (current) return current;
  throw Object.assign(new Error("no model is loaded yet; send start first"), { code: "not_initialised" });
}

module.exports = { replace, scout };
