// @ts-check

/** Milliseconds after which nothing waits for the screen any longer: a page in the back may never be drawn. */
const LONGEST = 1000;

/**
 * What is on the screen. A large message to the worker blocks the thread of the pages on an iPhone, so the page that says
 * what is going on has to be drawn before it is sent.
 * @param {Clock} clock
 */
function createScreen(clock) {
  /** @type {Promise<void>} */
  let arrival = Promise.resolve();
  let arrive = () => {};

  /**
   * @param {(done: () => void) => void} start
   * @returns {Promise<void>} ends with `done`, or after `LONGEST`
   */
  function soon(start) {
    return new Promise((resolve) => {
      const cancel = clock.after(LONGEST, resolve);
      start(() => {
        cancel();
        resolve();
      });
    });
  }

  return {
    /**
     * @param {(done: () => void) => void} set sets data with `done` as its callback
     * @returns {Promise<void>} ends when the data is drawn
     */
    painted: soon,

    /** A page that shows what is going on is about to open. */
    expectPage() {
      arrival = soon((done) => {
        arrive = done;
      });
    },

    /** That page is drawn, or does not come. */
    pageDrawn() {
      arrive();
    },

    /** Ends when no page is expected. */
    settled: () => arrival,
  };
}

/** @typedef {ReturnType<typeof createScreen>} Screen */

module.exports = { createScreen };
