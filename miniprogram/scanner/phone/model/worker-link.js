// @ts-check
const { deadline: startDeadline } = require("../../basics/deadline.js");
const { failure } = require("../../basics/failure.js");

/**
 * One worker from start to end: calls and their answers.
 *
 * A call fails with the code that the worker returns, with `worker_killed` if the system ends the worker, and with `too_slow`
 * at its deadline. A worker that was too slow is still busy and has to be ended.
 * @typedef {object} WorkerLink
 * @property {(action: string, message: object, deadline: number) => Promise<any>} call
 * @property {() => void} end
 */

/**
 * @param {Workers} workers
 * @param {Clock} clock
 * @param {() => void} onKilled
 * @returns {WorkerLink}
 */
function openLink(workers, clock, onKilled) {
  const port = workers.create();
  /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
  const open = new Map();
  let calls = 0;
  let ended = false;

  port.onMessage(({ id, result, error }) => {
    const call = open.get(id);
    // An unknown id is an answer after its deadline.
    if (!call) return;
    if (error) call.reject(failure(error.code, error.message));
    else call.resolve(result);
  });

  port.onKilled(() => {
    if (ended) return;
    finish();
    onKilled();
  });

  function finish() {
    ended = true;
    for (const call of Array.from(open.values())) {
      call.reject(failure("worker_killed", "the worker was ended before it answered"));
    }
  }

  return {
    call(action, message, deadline) {
      return new Promise((resolve, reject) => {
        calls += 1;
        const id = calls;
        const cancel = startDeadline(clock, deadline, () => {
          settle(() => reject(failure("too_slow", `the phone took more than ${deadline} ms to ${action}`)));
        });
        /** @param {() => void} how */
        const settle = (how) => {
          cancel();
          open.delete(id);
          how();
        };
        open.set(id, {
          resolve: (value) => settle(() => resolve(value)),
          reject: (error) => settle(() => reject(error)),
        });
        if (ended) {
          finish();
          return;
        }
        try {
          port.post(Object.assign({}, message, { id, action }));
        } catch (error) {
          settle(() => reject(error));
        }
      });
    },

    end() {
      if (ended) return;
      finish();
      port.terminate();
    },
  };
}

module.exports = { openLink };
