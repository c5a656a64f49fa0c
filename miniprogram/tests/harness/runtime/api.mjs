import { Failure } from "./phone.mjs";

/**
 * @typedef {{ success?: Function, fail?: Function, complete?: Function, [more: string]: any }} Options
 */

/**
 * A function of `wx`: it calls back, or promises where no callback is given.
 * @param {string} name
 * @param {(options: Options) => any} action gives the answer's fields, or throws a Failure
 */
export function api(name, action) {
  return (/** @type {Options} */ options = {}) => {
    const outcome = settle(name, () => action(options));
    if (callsBack(options)) return void deliver(options, outcome);
    return outcome.then(({ failed, answer }) => (failed ? Promise.reject(answer) : answer));
  };
}

/**
 * A function that calls back only, as those of FileSystemManager and the network's.
 * @param {string} name
 * @param {(options: Options) => any} action
 */
export function callback(name, action) {
  return (/** @type {Options} */ options = {}) => deliver(options, settle(name, () => action(options)));
}

/**
 * A function that ends in Sync.
 * @param {string} name
 * @param {(...args: any[]) => any} action
 */
export function sync(name, action) {
  return (/** @type {any[]} */ ...args) => {
    try {
      return action(...args);
    } catch (error) {
      if (error instanceof Failure) throw Object.assign(new Error(`${name}:fail ${error.message}`), said(name, error));
      throw error;
    }
  };
}

/** @param {Options} options */
function callsBack({ success, fail, complete }) {
  return Boolean(success || fail || complete);
}

/**
 * Later, as on a phone: what the caller does after the call comes first.
 * @param {string} name
 * @param {() => any} action
 */
async function settle(name, action) {
  await new Promise((resolve) => setTimeout(resolve));
  try {
    return { failed: false, answer: { ...(await action()), errMsg: `${name}:ok` } };
  } catch (error) {
    if (!(error instanceof Failure)) console.error(error);
    return { failed: true, answer: said(name, /** @type {Error} */ (error)) };
  }
}

/**
 * In a task of its own, so that what a callback throws is the app's error and nobody else's.
 * @param {Options} options
 * @param {Promise<{ failed: boolean, answer: object }>} outcome
 */
function deliver(options, outcome) {
  outcome.then(({ failed, answer }) => {
    setTimeout(() => {
      const callback = failed ? options.fail : options.success;
      try {
        callback?.(answer);
      } finally {
        options.complete?.(answer);
      }
    });
  });
}

/** @param {string} name @param {Error & { errno?: number }} error */
function said(name, { message, errno }) {
  return { errMsg: `${name}:fail ${message}`, ...(errno === undefined ? {} : { errno }) };
}
