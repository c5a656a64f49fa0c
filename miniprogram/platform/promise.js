// @ts-check

/**
 * Converts a callback call of WeChat's into a promise; rejects with the argument of `fail`.
 * @template T
 * @param {(callbacks: { success(result: T): void, fail(reason: any): void }) => unknown} start
 * @returns {Promise<T>}
 */
function promised(start) {
  return new Promise((resolve, reject) => start({ success: resolve, fail: reject }));
}

module.exports = { promised };
