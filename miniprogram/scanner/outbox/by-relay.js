// @ts-check
const { withoutMap } = require("../answer/prediction.js");
const { within } = require("../basics/deadline.js");
const { relayError } = require("../relay/failure.js");
const { isPhotoFault } = require("./by-phone.js");
const { backoff, LONGEST } = require("./retry.js");

/** Milliseconds. Longer than any request: it counts only where the system loses one without a word. */
const DEADLINE = 90000;

/**
 * Sends a scan's photos to the relay.
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job of a scan that is `asking`
 */
async function askRelay(context, job) {
  const { clock, files, scanStore, relay } = context;
  await scanStore.saved(job.id);
  if (!job.isCurrent() || (await context.lostPhotos(job)) || !job.isCurrent()) return;
  const { photos } = /** @type {Scan} */ (scanStore.get(job.id));
  const contents = () => Promise.all(photos.map((path) => files.read(path)));
  try {
    const answer = relay.predict(photos.map((path) => files.url(path)), contents, job.signal);
    const late = () => {
      job.abort();
      return relayError("too_slow", `nothing came for ${DEADLINE / 1000} s`);
    };
    const prediction = await within(clock, DEADLINE, answer, late);
    if (job.isCurrent()) await relayAnswered(context, job, prediction);
  } catch (error) {
    if (job.isCurrent()) relayFailed(context, job, error);
  }
}

/**
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job
 * @param {Prediction} prediction
 */
async function relayAnswered(context, job, prediction) {
  const { phone, shown: before } = /** @type {Scan} */ (context.scanStore.get(job.id));
  // The heat map is kept with the shown answer only.
  const shown = await reconciled(context, before && before.source === "phone" ? before.prediction : phone, prediction);
  if (!job.isCurrent()) return;
  context.scanStore.change(job.id, "relay_answers", {
    relay: withoutMap(prediction),
    shown,
    problem: null,
    detail: null,
    attempts: 0,
    nextAttempt: 0,
    wanted: false,
  });
}

/**
 * Which of two answers to show. If the phone cannot decide, or has no classes of its own, the relay's.
 * @param {import("./context.js").Context} context
 * @param {Prediction | null} phone
 * @param {Prediction} relay
 * @returns {Promise<Shown>}
 */
async function reconciled(context, phone, relay) {
  if (phone) {
    try {
      const taught = await context.taught();
      if (taught.length > 0) return await context.model.reconcile(phone, relay, taught);
    } catch (error) {
      // Without the phone's decision the relay's answer is shown.
    }
  }
  return { source: "relay", prediction: relay, orchard: null };
}

/**
 * @param {import("./context.js").Context} context
 * @param {import("./jobs.js").Job} job
 * @param {any} error
 */
function relayFailed(context, job, error) {
  const { scanStore, clock } = context;
  const scan = /** @type {Scan} */ (scanStore.get(job.id));
  const { code = "relay_broken", retry = true, retryAfter = null, detail = String(error && error.message) } = error || {};
  if (isPhotoFault(code)) {
    const event = scan.phone ? "relay_refuses" : "photo_unfit";
    scanStore.change(job.id, event, { problem: code, detail, wanted: false });
    return;
  }
  const attempts = scan.attempts + 1;
  const now = clock.now();
  if (code === "relay_busy" && retryAfter) context.relayBusyUntil(now + backoff(1, clock.random(), retryAfter));
  // Problems that need a person to fix them are retried rarely; a changed address is noticed at once.
  const wait = retry ? backoff(attempts, clock.random(), retryAfter) : LONGEST;
  scanStore.change(job.id, "unsent", { problem: code, detail, attempts, nextAttempt: now + wait });
}

module.exports = { askRelay };
