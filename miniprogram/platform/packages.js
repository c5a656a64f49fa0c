// @ts-check
const { failure } = require("../scanner/basics/failure.js");

/**
 * Sub-packages, which WeChat fetches on demand.
 * @param {() => Promise<unknown>} [fetchScalar] replaces WeChat's loader in tests
 * @returns {Packages}
 */
function createPackages(fetchScalar = () => require.async("../scalar/index.js")) {
  return {
    async fetchScalar() {
      try {
        await fetchScalar();
      } catch (error) {
        const { errMsg, message } = Object(error);
        throw failure("engine_missing", `the sub-package scalar cannot be fetched (${message || errMsg || error})`);
      }
    },
  };
}

module.exports = { createPackages };
