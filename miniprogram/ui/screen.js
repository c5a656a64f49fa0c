// @ts-check

/** Longest wait for a drawn page, in milliseconds: a page in the background may never be drawn. */
const LONGEST = 2000;

/**
 * Waits for drawing. A large message to the worker blocks the pages' thread on an iPhone, so the page that shows the progress
 * has to be drawn before the message is sent.
 * @param {Clock} clock
 */
function createScreen(clock) {
  let isExpected = false;
  /** @type {(() => void)[]} */
  let waiting = [];

  /**
   * @param {(done: () => void) => void} start
   * @returns {Promise<void>} resolves with `done`, or after `LONGEST`
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
     * @returns {Promise<void>} resolves when the data is drawn
     */
    painted: soon,

    /** A page that shows the progress is about to open. */
    expectPage() {
      isExpected = true;
    },

    /** The page is drawn, or was not opened. */
    pageDrawn() {
      isExpected = false;
      const all = waiting;
      waiting = [];
      for (const done of all) done();
    },

    /** Resolves when no page is expected, or after `LONGEST`. */
    async settled() {
      if (!isExpected) return;
      await soon((done) => waiting.push(done));
      isExpected = false;
    },
  };
}

/** @typedef {ReturnType<typeof createScreen>} Screen */

module.exports = { createScreen };
