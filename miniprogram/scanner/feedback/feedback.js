// @ts-check
const { within } = require("../basics/deadline.js");
const { codeOf, failure } = require("../basics/failure.js");
const { withoutMetadata } = require("../basics/jpeg.js");
const { createQueue } = require("../basics/queue.js");
const { relayError } = require("../relay/failure.js");
const { feedbackPicture } = require("../scans/feedback.js");
const { mayHaveArrived } = require("./arrival.js");
const { createOffer } = require("./offer.js");

/** Longer side of a sent photo, in pixels: the relay stores no more. */
const SIDE = 1280;

/** Milliseconds. Longer than any request: it counts only where the system loses one without a word. */
const DEADLINE = 90000;

/** @typedef {import("../relay/relay.js").FeedbackFields} FeedbackFields */
/** @typedef {import("./offer.js").Terms} Terms */

/**
 * Sends photos with the grower's label to the relay, each with the grower's consent, and deletes them there.
 *
 * Nothing is sent without a tap: a failed sending waits for the next one. Photos that may have arrived are distinguished from
 * those that did not, so that the grower decides whether to send twice. The deletion code is stored in the scan's record.
 *
 * A consent holds for one relay and its days of retention: the photo goes to no other relay, nor if it is kept longer.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("../scans/store.js").ScanStore} parts.scanStore
 * @param {Pick<import("../relay/relay.js").Relay, "feedbackDays" | "sendFeedback" | "deleteFeedback">} parts.relay
 * @param {() => string} parts.address of the relay
 */
function createFeedback({ ports: { clock, files, network, pictures }, scanStore, relay, address }) {
  const offer = createOffer({ files, network, address, ask: (at) => relay.feedbackDays(at) });
  /** Photos are prepared one at a time: two at once would write to one file. */
  const inTurn = createQueue();
  /** Scans whose photo is being sent. @type {Map<string, Promise<void>>} */
  const underWay = new Map();

  /** @param {string} id @returns {Scan} */
  function found(id) {
    const scan = scanStore.get(id);
    if (!scan) throw failure("not_found", `there is no scan ${id}; it was removed`);
    return scan;
  }

  /** @param {string} id @returns {Feedback | undefined} also of a scan that was removed */
  function recorded(id) {
    const scan = scanStore.get(id);
    return scan ? scan.feedback : undefined;
  }

  /** @param {string} id @param {Feedback["state"][]} states @returns {Feedback} */
  function inState(id, states) {
    const { feedback } = found(id);
    if (feedback && states.indexOf(feedback.state) >= 0) return feedback;
    throw failure("bad_argument", `the feedback of scan ${id} is ${feedback ? feedback.state : "not there"}, not ${states.join(" or ")}`);
  }

  /** @param {string} id @param {Feedback | undefined} feedback */
  async function record(id, feedback) {
    // The scan may be removed while its photo is being sent.
    if (!scanStore.get(id)) return;
    scanStore.change(id, null, { feedback });
    await scanStore.saved(id);
  }

  /**
   * Prepares a photo and starts sending it; the outcome is recorded in the scan.
   * @param {string} id of a scan without feedback
   * @param {FeedbackFields} fields
   * @param {Terms} terms that the grower agreed to
   * @param {string} picture path of the photo for `wx`
   * @returns {Promise<void>} resolves when the sending is recorded
   */
  function give(id, fields, { relay: at, days }, picture) {
    return inTurn(async () => {
      if (found(id).feedback) throw failure("bad_argument", `a photo of scan ${id} was sent before; it has to be taken back first`);
      const path = await copied(id, picture);
      await record(id, { ...fields, state: "unsent", at: clock.now(), picture: path, problem: null, code: null, days, relay: at });
      // Another tap may have come first.
      send(id).catch(() => undefined);
    });
  }

  /**
   * Writes the photo to send into the scan's folder.
   * @param {string} id
   * @param {string} picture
   */
  async function copied(id, picture) {
    const path = feedbackPicture(id);
    try {
      await files.copyIn(await pictures.shrink(picture, SIDE), path);
      await files.write(path, withoutMetadata(await files.read(path)));
      found(id);
      return path;
    } catch (error) {
      // Do not create a folder for a scan that was removed in the meantime.
      await files.remove(scanStore.get(id) ? path : `scans/${id}`).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Sends a prepared photo, or retries a failed sending.
   * @param {string} id
   * @returns {Promise<void>} resolves when it was sent or has failed
   */
  function send(id) {
    const before = underWay.get(id);
    if (before) return before;
    const sending = attempt(id).finally(() => {
      if (underWay.get(id) === sending) underWay.delete(id);
    });
    underWay.set(id, sending);
    return sending;
  }

  /** @param {string} id */
  async function attempt(id) {
    const before = inState(id, ["unsent", "unclear"]);
    /** This attempt's record; another one means that the grower dropped it or removed the scan. */
    let own = before;
    try {
      if (!network.online()) throw failure("offline", "there is no network");
      if (!before.picture) throw failure("photo_missing", "the photo no longer exists; take a new one");
      const agreed = await agreedRelay(before);
      const content = await files.read(before.picture);
      if (recorded(id) !== before) return;
      own = { ...before, state: "sending", at: clock.now(), problem: null };
      await record(id, own);
      if (recorded(id) !== own) return;
      const { label, answer, verdict, model } = own;
      const receipt = await inTime(relay.sendFeedback(content, { label, answer, verdict, model }, agreed));
      await arrived(id, own, agreed, receipt);
    } catch (error) {
      if (recorded(id) !== own) return;
      const unclear = before.state === "unclear" || (own !== before && mayHaveArrived(error));
      await record(id, { ...before, state: unclear ? "unclear" : "unsent", at: clock.now(), problem: codeOf(error, "relay_broken") });
    }
  }

  /**
   * The relay to send to; rejects if the grower did not agree to what it does now.
   * @param {Feedback} feedback
   * @returns {Promise<string>}
   */
  async function agreedRelay({ relay: agreed, days }) {
    const now = address();
    if (now === "") throw failure("no_relay", "no relay address is set; enter one in the settings");
    if (now !== agreed) throw failure("feedback_other_relay", `the grower agreed to send to ${agreed}, not to ${now}`);
    const offered = await inTime(relay.feedbackDays(agreed));
    if (offered === null) throw failure("feedback_closed", "the relay takes no feedback now");
    if (days === null || offered > days) throw failure("feedback_kept_longer", `the grower agreed to ${days} days, not to ${offered}`);
    return agreed;
  }

  /** @template T @param {Promise<T>} answer @returns {Promise<T>} */
  const inTime = (answer) => within(clock, DEADLINE, answer, () => relayError("too_slow", `nothing came for ${DEADLINE / 1000} s`));

  /** @param {string} id @param {Feedback} sending @param {string} at @param {{ code: string, days: number }} receipt */
  async function arrived(id, sending, at, { code, days }) {
    if (recorded(id) !== sending) {
      // The record was deleted in the meantime: without it nobody could delete the photo later.
      await relay.deleteFeedback(code, at).catch(() => undefined);
      return;
    }
    await record(id, { ...sending, state: "sent", at: clock.now(), picture: null, problem: null, code, days, relay: at });
    await removeCopy(id, sending.picture);
  }

  /**
   * Drops feedback that is not being sent. A photo that may have arrived is not deleted.
   * @param {string} id
   */
  async function drop(id) {
    const feedback = recorded(id);
    if (feedback && feedback.state === "sending") throw failure("feedback_sending", "the photo is being sent; wait for the outcome");
    const { picture } = inState(id, ["unsent", "unclear"]);
    // An attempt that still prepares the photo finds the record gone and ends.
    underWay.delete(id);
    await record(id, undefined);
    await removeCopy(id, picture);
  }

  /** @param {string} id @param {string | null} picture */
  const removeCopy = (id, picture) => inTurn(async () => {
    const feedback = recorded(id);
    // The next feedback of this scan has a copy at the same path.
    if (picture && !(feedback && feedback.picture)) await files.remove(picture).catch(() => undefined);
  });

  /**
   * Deletes a sent photo at the relay.
   * @param {string} id
   * @returns {Promise<void>} resolves when the relay no longer has it
   */
  async function takeBack(id) {
    const { code, relay: at } = inState(id, ["sent"]);
    if (!network.online()) throw failure("offline", "there is no network");
    await relay.deleteFeedback(String(code), String(at));
    await record(id, undefined);
  }

  return { terms: offer.terms, give, send, drop, takeBack };
}

/** @typedef {ReturnType<typeof createFeedback>} FeedbackContext */

module.exports = { createFeedback };
