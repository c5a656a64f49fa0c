// @ts-check
const { createQueue } = require("../basics/queue.js");
const { isUntidy } = require("../scans/keepsakes.js");
const { mayTryAgain } = require("./by-phone.js");
const { whatNow } = require("./decide.js");

/** Why a sending failed that may succeed as soon as there is another network. */
const OF_THE_NETWORK = [
  "offline",
  "relay_unreachable",
  "relay_interrupted",
  "relay_certificate",
  "too_slow",
  // A company's proxy and a login page answer in the relay's name.
  "relay_broken",
  "relay_refused",
];

/**
 * Gives every scan what it needs next, as its record and `decide.js` say: a prediction, a sending, a wait, a tidying.
 * @param {object} parts
 * @param {import("./desk.js").Desk} parts.desk
 * @param {ReturnType<import("./jobs.js").createJobs>} parts.jobs
 * @param {ReturnType<import("../scans/keepsakes.js").createKeepsakes>} parts.keepsakes
 * @param {ReturnType<import("./consent.js").createConsent>} parts.consent
 * @param {() => Settings} parts.settings
 * @param {(desk: import("./desk.js").Desk, job: import("./jobs.js").Job) => Promise<void>} parts.askPhone
 * @param {(desk: import("./desk.js").Desk, job: import("./jobs.js").Job) => Promise<void>} parts.askRelay
 */
function createOutbox({ desk, jobs, keepsakes, consent, settings, askPhone, askRelay }) {
  const { clock, ledger } = desk;
  const tidying = createQueue();
  /** Those that were looked after in their present state: what failed once is not tried in a circle. */
  const tidied = new Map();
  let isRunning = false;
  let address = "";
  let cancelAlarm = () => {};

  function start() {
    isRunning = true;
    address = settings().relay;
    for (const scan of ledger.all().filter(mayTryAgain)) {
      const problem = scan.problem === scan.phoneProblem ? null : scan.problem;
      ledger.change(scan.id, null, { phoneProblem: null, problem });
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
    ledger.saveAll();
    if (settings().relay !== address) {
      address = settings().relay;
      makeDue(() => true);
    }
    cancelAlarm();
    let earliest = Infinity;
    for (const { id } of byUrgency(ledger.all())) earliest = Math.min(earliest, attend(id));
    cancelAlarm = earliest < Infinity ? clock.after(earliest, wake) : () => {};
  }

  function networkReturned() {
    makeDue(({ problem }) => problem !== null && OF_THE_NETWORK.indexOf(problem) >= 0);
    wake();
  }

  /** @param {(scan: Scan) => boolean} which */
  function makeDue(which) {
    for (const scan of ledger.all()) {
      if (scan.state === "waiting" && scan.nextAttempt > 0 && which(scan)) ledger.change(scan.id, null, { nextAttempt: 0 });
    }
  }

  /**
   * @param {string} id
   * @returns {number} milliseconds after which it needs to be looked at again
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
    const scan = /** @type {Scan} */ (ledger.get(id));
    if (scan.state === "predicting" && jobs.hasRoom("phone")) jobs.run(id, "phone", (job) => askPhone(desk, job), wake);
    return scan.state === "waiting" ? decide(scan) : Infinity;
  }

  /**
   * @param {Scan} scan that waits
   * @returns {number}
   */
  function decide(scan) {
    const { id } = scan;
    const step = whatNow(scan, desk.circumstances(scan));
    switch (step.do) {
      case "predict":
        ledger.change(id, "needs_phone", {});
        return advance(id);
      case "send":
        if (jobs.hasRoom("relay")) {
          ledger.change(id, "sent", { problem: null, detail: null });
          jobs.run(id, "relay", (job) => askRelay(desk, job), wake);
        }
        return Infinity;
      case "ask_consent":
        // A question that could not be put comes up again the next time something happens.
        consent.request().then(wake, () => {});
        return Infinity;
      case "settle":
        ledger.change(id, "settled", { problem: step.problem, held: false, wanted: false });
        return Infinity;
      case "hold":
        ledger.change(id, null, { problem: step.problem, held: true });
        return Infinity;
      case "stay":
        if (step.problem !== scan.problem) ledger.change(id, null, { problem: step.problem });
        return step.wait === null ? Infinity : step.wait;
    }
  }

  /** @param {string} id */
  function tidy(id) {
    const scan = /** @type {Scan} */ (ledger.get(id));
    if (tidied.get(id) === scan.state || !isUntidy(scan)) return;
    tidied.set(id, scan.state);
    tidying(() => keepsakes.tidy(id));
  }

  return { start, stop, wake, networkReturned };
}

/**
 * What the grower asked for first, then the newest: that is what is being looked at.
 * @param {Scan[]} scans newest first
 */
const byUrgency = (scans) => [...scans.filter((scan) => scan.wanted), ...scans.filter((scan) => !scan.wanted)];

module.exports = { createOutbox };
