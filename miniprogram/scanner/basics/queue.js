// @ts-check

/**
 * Runs one action after another, in the order they come; that one fails does not hold up the next.
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
