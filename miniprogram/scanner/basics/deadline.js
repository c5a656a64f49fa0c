// @ts-check

/** Milliseconds that a timer may be late while the app is in the foreground. */
const LATE = 2000;

/**
 * Calls `late` after `ms`, unless the returned function is called before.
 *
 * WeChat suspends JavaScript in the background and, on return, runs due timers before it delivers answers that arrived
 * meanwhile. A timer that fires far too late is therefore restarted once.
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
 * Rejects with `late` if the promise takes longer than `ms`. For system calls that may never call back.
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
