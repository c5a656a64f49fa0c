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

/**
 * Sends photos with the grower's label to the relay, each with the grower's consent, and deletes them there.
 *
 * Nothing is sent without a tap: a failed sending waits for the next one. Photos that may have arrived are distinguished from
 * those that did not, so that the grower decides whether to send twice. The deletion code is stored in the scan's record.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("../scans/store.js").ScanStore} parts.scanStore
 * @param {Pick<import("../relay/relay.js").Relay, "feedbackDays" | "sendFeedback" | "deleteFeedback">} parts.relay
 * @param {() => string} parts.address of the relay
 */
function createFeedback({ ports: { clock, files, network, pictures }, scanStore, relay, address }) {
  const offer = createOffer({ files, network, address, ask: () => relay.feedbackDays() });
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
   * @param {string} picture path of the photo for `wx`
   * @returns {Promise<void>} resolves when the sending is recorded
   */
  function give(id, fields, picture) {
    return inTurn(async () => {
      if (found(id).feedback) throw failure("bad_argument", `a photo of scan ${id} was sent before; it has to be taken back first`);
      const path = await copied(id, picture);
      const nothing = { problem: null, code: null, days: null, relay: null };
      await record(id, { ...fields, state: "unsent", at: clock.now(), picture: path, ...nothing });
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
    const sending = attempt(id).finally(() => underWay.delete(id));
    underWay.set(id, sending);
    return sending;
  }

  /** @param {string} id */
  async function attempt(id) {
    const feedback = inState(id, ["unsent", "unclear"]);
    const { label, answer, verdict, model, picture } = feedback;
    try {
      if (!network.online()) throw failure("offline", "there is no network");
      if (!picture) throw failure("photo_missing", "the photo no longer exists; take a new one");
      const content = await files.read(picture);
      await record(id, { ...feedback, state: "sending", at: clock.now(), problem: null });
      if (!scanStore.get(id)) return;
      const late = () => relayError("too_slow", `nothing came for ${DEADLINE / 1000} s`);
      const receipt = await within(clock, DEADLINE, relay.sendFeedback(content, { label, answer, verdict, model }), late);
      await arrived(id, receipt);
    } catch (error) {
      if (scanStore.get(id)) await failed(id, feedback, error);
    }
  }

  /** @param {string} id @param {{ code: string, days: number, relay: string }} receipt */
  async function arrived(id, { code, days, relay: at }) {
    const scan = scanStore.get(id);
    if (!scan || !scan.feedback) {
      // The record was deleted in the meantime: without it nobody could delete the photo later.
      await relay.deleteFeedback(code, at).catch(() => undefined);
      return;
    }
    const { picture } = scan.feedback;
    await record(id, { ...scan.feedback, state: "sent", at: clock.now(), picture: null, problem: null, code, days, relay: at });
    if (picture) await files.remove(picture).catch(() => undefined);
  }

  /** @param {string} id @param {Feedback} before @param {any} error */
  async function failed(id, before, error) {
    const { feedback } = found(id);
    const left = feedback !== undefined && feedback.state === "sending" && mayHaveArrived(error);
    const unclear = before.state === "unclear" || left;
    await record(id, { ...before, state: unclear ? "unclear" : "unsent", at: clock.now(), problem: codeOf(error, "relay_broken") });
  }

  /**
   * Drops the feedback. A photo that may have arrived is not deleted.
   * @param {string} id
   */
  async function drop(id) {
    const { picture } = inState(id, ["unsent", "unclear"]);
    await record(id, undefined);
    if (picture) await files.remove(picture).catch(() => undefined);
  }

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

  return { days: offer.days, give, send, drop, takeBack };
}

/** @typedef {ReturnType<typeof createFeedback>} FeedbackContext */

module.exports = { createFeedback };
