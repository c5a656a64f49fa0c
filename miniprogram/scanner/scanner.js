// @ts-check
const { failure } = require("./basics/failure.js");
const { createQueue } = require("./basics/queue.js");
const { createFeedback } = require("./feedback/feedback.js");
const { askPhone } = require("./outbox/by-phone.js");
const { askRelay: askRelayJob } = require("./outbox/by-relay.js");
const { createConsent } = require("./outbox/consent.js");
const { createContext } = require("./outbox/context.js");
const { createJobs } = require("./outbox/jobs.js");
const { createOutbox } = require("./outbox/outbox.js");
const { createThumbnails } = require("./scans/thumbnails.js");
const { createScanStore } = require("./scans/store.js");
const { createQuota } = require("./scans/quota.js");
const { MOST_PHOTOS, newId, newScan } = require("./scans/record.js");
const { createScanStorage } = require("./scans/storage.js");
const { isOpen, next } = require("./scans/states.js");

/**
 * Photo sessions from the photo to the answer: the phone first, the relay if needed, without losing a scan.
 *
 * A scan's record determines its next step (see scans/states.js), so the app may end at any point: `open` resumes from
 * the records alone.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {() => Settings} parts.settings
 * @param {import("./outbox/context.js").Model} parts.model
 * @param {Pick<import("./relay/relay.js").Relay, "predict" | "feedbackDays" | "sendFeedback" | "deleteFeedback">} parts.relay
 * @param {() => Promise<boolean>} [parts.consent] asks the grower whether photos may be sent because the phone's model does not
 *   work; without it they may not
 * @param {() => Promise<string[]> | string[]} [parts.taught] classes of the phone's own gallery
 * @param {() => Promise<void>} [parts.drawn] resolves when the screen shows the progress; photos go to the model after that
 * @param {number} [parts.limit] bytes of all files
 */
function createScanner({ ports, settings, model, relay, consent: ask, taught, drawn, limit }) {
  const { clock, files, network, pictures } = ports;
  const storage = createScanStorage(files);
  const consent = createConsent({ files, ask: ask || (() => Promise.resolve(false)) });
  const quota = createQuota({ files, limit });
  const scanStore = createScanStore({
    write: storage.write,
    discard: storage.discard,
    makeRoom: async (error, scans) => error.code === "storage_full" && quota.giveOne(scans),
  });
  const thumbnails = createThumbnails({ files, pictures, scanStore });
  const context = createContext({ ports, settings, model, relay, taught: taught || (() => []), drawn: drawn || (() => Promise.resolve()), scanStore, consent });
  const feedback = createFeedback({ ports, scanStore, relay, address: () => settings().relay });
  const jobs = createJobs({ phone: 1, relay: 2 });
  const outbox = createOutbox({ context, jobs, thumbnails, consent, settings, askPhone, askRelay: askRelayJob });

  /** Sessions are stored one at a time, so that each gets the space freed for it. */
  const intake = createQueue();
  /** @type {Promise<void> | null} */
  let opening = null;
  let stopListening = () => {};

  /** Loads all scans and resumes them. After a failure it may be called again. */
  function open() {
    if (!opening) {
      opening = start().catch((error) => {
        opening = null;
        throw error;
      });
    }
    return opening;
  }

  async function start() {
    await consent.load();
    for (const { scan, isWritten } of await storage.load()) scanStore.enter(scan, isWritten);
    stopListening = network.onChange((online) => {
      if (online) outbox.networkReturned();
      else outbox.wake();
    });
    outbox.start();
  }

  /**
   * Takes photos of one tree as one scan.
   * @param {string[]} paths 1 to 6
   * @returns {Promise<Scan>} resolves when the scan and its photos are stored; answers arrive through `subscribe`
   */
  async function scan(paths) {
    if (paths.length < 1 || paths.length > MOST_PHOTOS) {
      throw failure("bad_argument", `a scan has 1 to ${MOST_PHOTOS} photos, not ${paths.length}`);
    }
    await open();
    return intake(() => take(paths));
  }

  /** @param {string[]} paths */
  async function take(paths) {
    const id = newId(clock.now(), clock.random());
    try {
      const photos = [];
      for (const path of paths) photos.push(await withRoom(() => storage.adopt(id, photos.length, path)));
      if (!(await quota.comply(scanStore))) throw noRoom();
      const { mode, relay: address } = settings();
      const event = mode === "relay" && address !== "" ? "taken_for_relay" : "taken";
      const taken = newScan(id, next("new", event), photos);
      await withRoom(() => storage.write(taken));
      scanStore.enter(taken, true);
    } catch (error) {
      await storage.discard(id).catch(() => undefined);
      throw error;
    }
    outbox.wake();
    return found(id);
  }

  /**
   * @template T
   * @param {() => Promise<T>} action
   * @returns {Promise<T>}
   */
  async function withRoom(action) {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (/** @type {any} */ (error).code !== "storage_full") throw error;
        if (!(await quota.giveOne(scanStore))) throw noRoom();
      }
    }
  }

  /**
   * @param {string} id
   * @returns {Scan}
   */
  function found(id) {
    const it = scanStore.get(id);
    if (!it) throw failure("not_found", `there is no scan ${id}; it was removed`);
    return it;
  }

  /**
   * Sends a scan to the relay on the grower's request, in every mode.
   * @param {string} id
   * @returns {Promise<Scan>} resolves when the request is recorded
   */
  async function askRelay(id) {
    await open();
    const { state, relay: answer, photos } = found(id);
    if (answer) return found(id);
    if (settings().relay === "") throw failure("no_relay", "no relay address is set; enter one in the settings");
    if (photos.length === 0) throw failure("photos_gone", "the photos were removed; take new ones");
    const wish = { wanted: true, held: false };
    if (state === "predicting" || state === "asking") scanStore.change(id, null, wish);
    else scanStore.change(id, "wanted", { ...wish, problem: null, detail: null, attempts: 0, nextAttempt: 0 });
    // The phone's network state may be stale; the grower may know better.
    network.look();
    outbox.wake();
    await scanStore.saved(id);
    return found(id);
  }

  /**
   * Retries a failed prediction on the phone. No effect if the phone did not fail or the relay is being asked.
   * @param {string} id
   * @returns {Promise<Scan>} once that is recorded
   */
  async function retry(id) {
    await open();
    const { state, phone, phoneProblem, held, problem } = found(id);
    if (state !== "waiting" || phone || !phoneProblem) return found(id);
    model.resetBackoff();
    // The reason for not sending still holds.
    scanStore.change(id, "needs_phone", { phoneProblem: null, tries: 0, problem: held ? problem : null, detail: null });
    outbox.wake();
    await scanStore.saved(id);
    return found(id);
  }

  /**
   * Stops waiting for the relay: the phone's answer stays. Without one the scan waits until the relay is asked for.
   * @param {string} id
   * @returns {Promise<Scan>}
   */
  async function cancel(id) {
    await open();
    const { state, phone } = found(id);
    if (!isOpen(state)) return found(id);
    if (state === "predicting") {
      scanStore.change(id, null, { wanted: false, held: true, problem: "cancelled" });
    } else {
      jobs.giveUp(id);
      const stopped = { wanted: false, detail: null };
      if (phone) scanStore.change(id, "settled", { ...stopped, problem: null });
      else scanStore.change(id, state === "asking" ? "unsent" : null, { ...stopped, held: true, problem: "cancelled" });
    }
    outbox.wake();
    await scanStore.saved(id);
    return found(id);
  }

  /**
   * Records the grower's choice of class. The answers of phone and relay do not change.
   * @param {string} id
   * @param {string | null} choice the id of a class, or `unknown`; null removes the choice
   * @returns {Promise<Scan>} once it is recorded
   */
  async function setChoice(id, choice) {
    await open();
    const { shown } = found(id);
    if (choice !== null && !(shown && /^[a-z0-9_]+$/.test(choice))) {
      throw failure("bad_argument", shown ? `${choice} is not a class` : `scan ${id} has no answer to correct`);
    }
    scanStore.change(id, null, { choice: choice === null ? undefined : choice });
    await scanStore.saved(id);
    return found(id);
  }

  /**
   * @param {string} id
   * @returns {Promise<void>} resolves when the scan's files are removed
   */
  async function remove(id) {
    await open();
    await takeAway(found(id));
    outbox.wake();
  }

  async function removeAll() {
    await open();
    await intake(async () => {
      await Promise.all(scanStore.all().map(takeAway));
      await storage.clearAll();
    });
    outbox.wake();
  }

  /** @param {Scan} scan */
  async function takeAway({ id }) {
    jobs.giveUp(id);
    await scanStore.drop(id);
  }

  async function storageUsed() {
    const waiting = scanStore.all().filter(({ state }) => state === "waiting" || state === "asking").length;
    return { bytes: await quota.used(), waiting };
  }

  /** Cancels all running work; the records stay unchanged. */
  function close() {
    stopListening();
    outbox.stop();
  }

  return {
    open,
    scan,
    askRelay,
    retry,
    cancel,
    setChoice,
    feedback,
    remove,
    removeAll,
    list: scanStore.list,
    get: scanStore.find,
    subscribe: scanStore.subscribe,
    storage: storageUsed,
    close,
    /** Re-evaluates all scans; call when the app is shown and when settings change. */
    wake() {
      network.look();
      outbox.wake();
    },
  };
}

/** Error for pages; the photos copied so far are removed. */
const noRoom = () => failure("storage_full", "the phone has no room for these photos; remove old scans, or let waiting ones be sent");

/** @typedef {ReturnType<typeof createScanner>} Scanner */

module.exports = { createScanner };
