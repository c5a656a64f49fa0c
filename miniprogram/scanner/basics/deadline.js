// @ts-check

/** Milliseconds that a timer may be late while the app is in the foreground. */
const LATE = 2000;

/**
 * Calls `late` after `ms`, unless what it gives is called before.
 *
 * In the background WeChat stops all JavaScript, and on the way back runs the timers that came due before it hands over the
 * answers that came meanwhile. A timer that comes far too late says nothing about whom it waits for, so it begins once more.
 * @param {Clock} clock
 * @param {number} ms
 * @param {() => void} late
 * @returns {() => void}
 */
function deadline(clock, ms, late) {
  const due = clock.now() + ms;
  let cancel = clock.after(ms, () => {
    if (clock.now() - due > LATE) cancel = clock.after(ms, late);
    else late();
  });
  return () => cancel();
}

/**
 * What `promise` gives, unless it takes longer than `ms`: then what `late` makes. For systems that may never call back.
 * @template T
 * @param {Clock} clock
 * @param {number} ms
 * @param {Promise<T>} promise
 * @param {() => Error} late
 * @returns {Promise<T>}
 */
function within(clock, ms, promise, late) {
  return new Promise((resolve, reject) => {
    const cancel = deadline(clock, ms, () => reject(late()));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}

module.exports = { deadline, within };
