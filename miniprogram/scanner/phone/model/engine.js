// @ts-check
const { within } = require("../../basics/deadline.js");
const { failure } = require("../../basics/failure.js");
const { SCALAR_WASM, WASM } = require("../../basics/packaged.js");

/**
 * Starts the model's code in a worker: the main package's module or, on engines that reject it (iOS before 16.4, WeChat before
 * 8.0.25 and engines without a compiler lack SIMD), the sub-package's, which is fetched on demand. The module that ran is used
 * from then on.
 *
 * Fails with `cannot_start` if neither module runs, and with `engine_missing` if the sub-package cannot be fetched.
 * @param {{ packages: Packages, clock: Clock }} ports
 * @param {{ start: number, fetch: number }} deadlines
 */
function createEngine({ packages, clock }, deadlines) {
  let wasm = WASM;

  return {
    /** @param {import("./worker-link.js").WorkerLink["call"]} call */
    async start(call) {
      try {
        await call("engine", { wasm }, deadlines.start);
      } catch (error) {
        if (error.code !== "cannot_start" || wasm === SCALAR_WASM) throw error;
        const late = () => failure("engine_missing", `the sub-package took more than ${deadlines.fetch} ms`);
        await within(clock, deadlines.fetch, packages.fetchScalar(), late);
        await call("engine", { wasm: SCALAR_WASM }, deadlines.start);
        wasm = SCALAR_WASM;
      }
    },
  };
}

/** @typedef {ReturnType<typeof createEngine>} Engine */

module.exports = { createEngine };
