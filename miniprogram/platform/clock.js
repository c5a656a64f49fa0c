// @ts-check

/** @returns {Clock} */
function createClock() {
  return {
    now: () => Date.now(),
    after(ms, action) {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}

module.exports = { createClock };
