// @ts-check

/**
 * Runs actions one after another, in order; a failure does not affect the next.
 * @returns {<T>(action: () => Promise<T>) => Promise<T>}
 */
function createQueue() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (action) => {
    const run = last.then(action, action);
    last = run;
    return run;
  };
}

module.exports = { createQueue };
