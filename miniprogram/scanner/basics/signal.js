// @ts-check

/**
 * A signal and its trigger. WeChat has no AbortController.
 * @returns {{ signal: Signal, abort(): void }}
 */
function createSignal() {
  let aborted = false;
  /** @type {(() => void)[]} */
  let listeners = [];
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      onAbort(listener) {
        if (aborted) listener();
        else listeners.push(listener);
      },
    },
    abort() {
      if (aborted) return;
      aborted = true;
      const stopped = listeners;
      listeners = [];
      for (const listener of stopped) listener();
    },
  };
}

module.exports = { createSignal };
