// @ts-check
const { createQueue } = require("../basics/queue.js");
const { isUntidy } = require("../scans/thumbnails.js");
const { mayTryAgain } = require("./by-phone.js");
const { nextStep } = require("./decide.js");

/** Failures that another network may fix. */
const OF_THE_NETWORK = [
  "offline",
  "relay_unreachable",
  "relay_interrupted",
  "relay_certificate",
  "too_slow",
  // A proxy or a login page may answer instead of the relay.
  "relay_broken",
  "relay_refused",
];

/**
 * Starts the next step of every scan, as its record and `decide.js` say: predict, send, wait, or tidy up.
 * @param {object} parts
 * @param {import("./context.js").Context} parts.context
 * @param {ReturnType<import("./jobs.js").createJobs>} parts.jobs
 * @param {ReturnType<import("../scans/thumbnails.js").createThumbnails>} parts.thumbnails
 * @param {ReturnType<import("./consent.js").createConsent>} parts.consent
 * @param {() => Settings} parts.settings
 * @param {(context: import("./context.js").Context, job: import("./jobs.js").Job) => Promise<void>} parts.askPhone
 * @param {(context: import("./context.js").Context, job: import("./jobs.js").Job) => Promise<void>} parts.askRelay
 */
function createOutbox({ context, jobs, thumbnails, consent, settings, askPhone, askRelay }) {
  const { clock, scanStore } = context;
  const tidying = createQueue();
  /** State in which each scan was tidied: a failure is not repeated in a loop. */
  const tidied = new Map();
  let isRunning = false;
  let address = "";
  let cancelAlarm = () => {};

  function start() {
    isRunning = true;
    address = settings().relay;
    for (const scan of scanStore.all().filter(mayTryAgain)) {
      const problem = scan.problem === scan.phoneProblem ? null : scan.problem;
      scanStore.change(scan.id, null, { phoneProblem: null, problem });
    }
    wake();
  }

  function stop() {
    isRunning = false;
    cancelAlarm();
    jobs.giveUpAll();
  }

  function wake() {
    if (!isRunning) return;
    scanStore.saveAll();
    if (settings().relay !== address) {
      address = settings().relay;
      makeDue(() => true);
    }
    cancelAlarm();
    let earliest = Infinity;
    for (const { id } of byUrgency(scanStore.all())) earliest = Math.min(earliest, attend(id));
    cancelAlarm = earliest < Infinity ? clock.after(earliest, wake) : () => {};
  }

  function networkReturned() {
    makeDue(({ problem }) => problem !== null && OF_THE_NETWORK.indexOf(problem) >= 0);
    wake();
  }

  /** @param {(scan: Scan) => boolean} which */
  function makeDue(which) {
    for (const scan of scanStore.all()) {
      if (scan.state === "waiting" && scan.nextAttempt > 0 && which(scan)) scanStore.change(scan.id, null, { nextAttempt: 0 });
    }
  }

  /**
   * @param {string} id
   * @returns {number} milliseconds until the scan needs attention again
   */
  function attend(id) {
    const wait = jobs.has(id) ? Infinity : advance(id);
    tidy(id);
    return wait;
  }

  /**
   * @param {string} id
   * @returns {number}
   */
  function advance(id) {
    const scan = /** @type {Scan} */ (scanStore.get(id));
    if (scan.state === "predicting" && jobs.hasRoom("phone")) jobs.run(id, "phone", (job) => askPhone(context, job), wake);
    return scan.state === "waiting" ? decide(scan) : Infinity;
  }

  /**
   * @param {Scan} scan in state `waiting`
   * @returns {number}
   */
  function decide(scan) {
    const { id } = scan;
    const step = nextStep(scan, context.circumstances(scan));
    switch (step.do) {
      case "predict":
        scanStore.change(id, "needs_phone", {});
        return advance(id);
      case "send":
        if (jobs.hasRoom("relay")) {
          scanStore.change(id, "sent", { problem: null, detail: null });
          jobs.run(id, "relay", (job) => askRelay(context, job), wake);
        }
        return Infinity;
      case "ask_consent":
        // A question that could not be shown is asked again at the next event.
        consent.request().then(wake, () => {});
        return Infinity;
      case "settle":
        scanStore.change(id, "settled", { problem: step.problem, held: false, wanted: false });
        return Infinity;
      case "hold":
        scanStore.change(id, null, { problem: step.problem, held: true });
        return Infinity;
      case "stay":
        if (step.problem !== scan.problem) scanStore.change(id, null, { problem: step.problem });
        return step.wait === null ? Infinity : step.wait;
    }
  }

  /** @param {string} id */
  function tidy(id) {
    const scan = /** @type {Scan} */ (scanStore.get(id));
    if (tidied.get(id) === scan.state || !isUntidy(scan)) return;
    tidied.set(id, scan.state);
    tidying(() => thumbnails.tidy(id));
  }

  return { start, stop, wake, networkReturned };
}

/**
 * Scans that the grower asked for first, then the newest, which the grower is looking at.
 * @param {Scan[]} scans newest first
 */
const byUrgency = (scans) => [...scans.filter((scan) => scan.wanted), ...scans.filter((scan) => !scan.wanted)];

module.exports = { createOutbox };
