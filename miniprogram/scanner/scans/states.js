// @ts-check

/**
 * All states of a scan and the transitions between them. The scanner changes a scan's state only through `next`.
 *
 * | what happened                                             | event            | from                          | to         |
 * |-----------------------------------------------------------|------------------|-------------------------------|------------|
 * | photos are safe; the phone goes first                     | taken            | (new)                         | predicting |
 * | photos are safe; the relay goes first                     | taken_for_relay  | (new)                         | waiting    |
 * | the phone answered, and that is enough                    | phone_settles    | predicting                    | answered   |
 * | the phone is unsure, failed, or only goes ahead           | phone_hands_over | predicting                    | waiting    |
 * | phone or relay does not take it, and there is no answer   | photo_unfit      | predicting, asking            | refused    |
 * | the relay is out of reach or not for it; or a new try     | needs_phone      | waiting                       | predicting |
 * | the relay gets it                                         | sent             | waiting                       | asking     |
 * | the grower or the settings do without the relay's answer  | settled          | waiting, asking               | answered   |
 * | the sending failed, was given up or was cut short         | unsent           | asking                        | waiting    |
 * | the relay answered                                        | relay_answers    | asking                        | answered   |
 * | the relay does not take it; the phone's answer stays      | relay_refuses    | asking                        | answered   |
 * | the grower asks for the relay's answer                    | wanted           | answered, refused, waiting    | waiting    |
 * | the photos are not there any more                         | photos_lost      | predicting, waiting, asking   | refused    |
 *
 * The state determines the next action, also after a restart:
 *
 * | state      | to do                                                                       |
 * |------------|-----------------------------------------------------------------------------|
 * | predicting | let the phone predict                                                       |
 * | waiting    | send it as soon as `decide.js` says so                                      |
 * | asking     | nothing: its sending is under way, and after a restart it is `unsent`       |
 * | answered   | make its thumbnail; let its photos go if the answer is final                |
 * | refused    | make its thumbnail                                                          |
 *
 * A scan can be removed in every state.
 * @type {Record<ScanState | "new", Record<string, ScanState>>}
 */
const TABLE = {
  new: { taken: "predicting", taken_for_relay: "waiting" },
  predicting: {
    phone_settles: "answered",
    phone_hands_over: "waiting",
    photo_unfit: "refused",
    photos_lost: "refused",
  },
  waiting: {
    needs_phone: "predicting",
    sent: "asking",
    settled: "answered",
    wanted: "waiting",
    photos_lost: "refused",
  },
  asking: {
    relay_answers: "answered",
    relay_refuses: "answered",
    photo_unfit: "refused",
    unsent: "waiting",
    settled: "answered",
    photos_lost: "refused",
  },
  answered: { wanted: "waiting" },
  refused: { wanted: "waiting" },
};

/**
 * @param {ScanState | "new"} state
 * @param {string} event
 * @returns {ScanState}
 */
function next(state, event) {
  const to = TABLE[state][event];
  if (!to) throw new Error(`a scan that is ${state} has no transition "${event}"; see the table in scans/states.js`);
  return to;
}

/**
 * Whether phone or relay may still need the photos, so that they must not be removed.
 * @param {ScanState} state
 */
const isOpen = (state) => state === "predicting" || state === "waiting" || state === "asking";

module.exports = { TABLE, next, isOpen };
