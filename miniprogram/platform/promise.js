// @ts-check

/**
 * A call of WeChat's with callbacks, as a promise; it fails with what `fail` is given.
 * @template T
 * @param {(callbacks: { success(result: T): void, fail(reason: any): void }) => unknown} start
 * @returns {Promise<T>}
 */
function promised(start) {
  return new Promise((resolve, reject) => start({ success: resolve, fail: reject }));
}

module.exports = { promised };
