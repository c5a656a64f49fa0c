// @ts-check
const { failure } = require("../scanner/basics/failure.js");

/**
 * The sub-packages, which WeChat fetches when they are needed.
 * @param {() => Promise<unknown>} [fetchScalar] by which a test replaces WeChat's own way
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
