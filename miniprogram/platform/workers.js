// @ts-check
const { ownMessage } = require("./message.js");

/**
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Workers}
 */
function createWorkers(wx) {
  /** WeChat allows one worker at a time. @type {WorkerPort | null} */
  let current = null;

  return {
    create() {
      if (current) current.terminate();
      // JavaScript runs several times faster in it on iOS, and the system may take it away.
      const worker = wx.createWorker("worker/index.js", { useExperimentalWorker: true });
      let gone = false;
      /** @type {(() => void)[]} */
      const listeners = [];

      function lose() {
        if (gone) return;
        gone = true;
        if (current === port) current = null;
        for (const listener of listeners) listener();
      }

      // Older versions have neither method.
      if (worker.onProcessKilled) worker.onProcessKilled(lose);
      // After an uncaught error in the script, calls stay unanswered: treat the worker as ended.
      if (worker.onError) {
        worker.onError(() => {
          if (gone) return;
          worker.terminate();
          lose();
        });
      }

      /** @type {WorkerPort} */
      const port = {
        post(message) {
          worker.postMessage(ownMessage(message));
        },
        onMessage(listener) {
          worker.onMessage((message) => {
            if (!gone) listener(message);
          });
        },
        onKilled(listener) {
          listeners.push(listener);
        },
        terminate() {
          if (gone) return;
          gone = true;
          if (current === port) current = null;
          worker.terminate();
        },
      };
      current = port;
      return port;
    },
  };
}

module.exports = { createWorkers };
