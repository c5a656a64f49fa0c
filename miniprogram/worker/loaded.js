// @ts-check

/**
 * The model that is loaded and the galleries that came with it; `null` before `start`.
 * @type {{ scout: any, galleries: ArrayBuffer[] } | null}
 */
let current = null;

/**
 * Frees the previous model at once: two models exceed the memory of a small phone.
 * @param {any} scout
 * @param {ArrayBuffer[]} galleries
 */
function replace(scout, galleries) {
  const before = current;
  current = { scout, galleries };
  if (before) before.scout.free();
}

function loaded() {
  if (current) return current;
  throw Object.assign(new Error("no model is loaded yet; send start first"), { code: "not_initialised" });
}

module.exports = { replace, scout: () => loaded().scout, galleries: () => loaded().galleries };
