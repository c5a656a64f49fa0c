// @ts-check
const { actions } = require("./actions.js");
const { ownMessage } = require("./message.js");

// Protocol between worker and page: `{ id, action, ... }` in, `{ id, result }` or `{ id, error }` out, one answer per message.

worker.onMessage((message) => {
  answer(message).then((reply) => worker.postMessage(ownMessage(reply)));
});

/** @param {{ id: number, action: string }} message */
async function answer(message) {
  const { id, action } = message;
  try {
    const act = actions[action];
    if (!act) return refusal(id, "bad_argument", `the worker knows no action ${action}`);
    return { id, result: await act(message) };
  } catch (error) {
    // An error without a code is a bug: the page replaces the worker, as after a crash of the model.
    const { code, message: words } = Object(error);
    return refusal(id, code || "panic", words || String(error));
  }
}

/**
 * @param {number} id
 * @param {string} code
 * @param {string} message
 */
function refusal(id, code, message) {
  return { id, error: { code, message } };
}
