// @ts-check
const { failure } = require("../../basics/failure.js");
const { createQueue } = require("../../basics/queue.js");
const { createEngine } = require("./engine.js");
const { startModel, modelFailure, BROKEN } = require("./start.js");
const { openLink } = require("./worker-link.js");

/**
 * Milliseconds. `predict` is per photo; teaching computes ten embeddings per photo; `fetch` is for the sub-package's 0.4 MB.
 */
const DEADLINES = { start: 20000, fetch: 60000, predict: 15000, teach: 60000, ask: 15000 };

/** Milliseconds without a call after which the worker, which holds tens of megabytes, is ended. */
const IDLE = 2 * 60 * 1000;

/** Milliseconds during which a failed start is not retried. */
const PAUSE = 5 * 60 * 1000;

/** Codes of failed starts that a retry does not fix. */
const LASTING = new Set(["cannot_start", "engine_missing", "model_missing", "wechat_too_old"]);

/**
 * @typedef {object} ModelState
 * @property {"resting" | "starting" | "ready" | "failed"} status `resting` before the first call, and after two idle minutes
 * @property {string | null} reason code of the failure
 * @property {{ name: string, version: string } | null} model that ran last
 * @property {string | null} embedding
 * @property {string | null} engine version of the model's code
 * @property {string | null} orchard why the grower's gallery is not used: `other_model`, `bad_gallery`
 */

/**
 * Supervisor of the model on the phone.
 *
 * Calls run one after another in the single worker that WeChat allows, which is started on demand. If the worker is killed or
 * crashes, it is restarted and the call is repeated once; then the call fails with `model_unavailable`. A call that exceeds
 * its deadline fails with `too_slow` without a retry, which would take as long. A model that cannot be started fails with
 * `cannot_start`, `engine_missing`, `wechat_too_old`, or `model_missing` if the package's files are missing, and is not
 * retried for five minutes or until `resetBackoff`. Errors about a photo or a gallery have the codes of `wasm/npm/index.d.ts`.
 *
 * @param {object} parts
 * @param {{ workers: Workers, packages: Packages, clock: Clock }} parts.ports
 * @param {import("./store.js").ModelStore} parts.store
 * @param {Partial<typeof DEADLINES>} [parts.deadlines]
 */
function createModel({ ports: { workers, packages, clock }, store, deadlines: given }) {
  const deadlines = Object.assign({}, DEADLINES, given);
  const code = createEngine({ packages, clock }, deadlines);
  const queue = createQueue();
  /** @type {Set<(state: ModelState) => void>} */
  const listeners = new Set();
  /** @type {import("./worker-link.js").WorkerLink | null} */
  let link = null;
  /** The gallery that is loaded in the worker; undefined if unknown. @type {ArrayBuffer | null | undefined} */
  let ranked;
  /** @type {ModelState} */
  let state = { status: "resting", reason: null, model: null, embedding: null, engine: null, orchard: null };
  /** @type {{ error: Error, until: number } | null} */
  let refused = null;
  let waiting = 0;
  let cancelIdle = () => {};

  /** @param {Partial<ModelState>} changes */
  function become(changes) {
    state = Object.assign({}, state, changes);
    for (const listener of Array.from(listeners)) listener(state);
  }

  /** @param {ModelState["status"]} status */
  function drop(status) {
    if (!link) return;
    link.end();
    link = null;
    become({ status, reason: null });
  }

  /** Resolves with a worker that has loaded the model. */
  async function ready() {
    if (link) return link;
    if (refused && clock.now() < refused.until) throw refused.error;
    refused = null;
    become({ status: "starting", reason: null });
    try {
      const started = await startModel({ open, engine: code, store, deadlines });
      link = started.link;
      ranked = started.taught;
      const { model, embedding, engine, orchard } = started;
      become({ status: "ready", model, embedding, engine, orchard });
      return link;
    } catch (error) {
      if (LASTING.has(error.code)) {
        refused = { error, until: clock.now() + PAUSE };
      }
      become({ status: "failed", reason: error.code });
      throw error;
    }
  }

  function open() {
    const opened = openLink(workers, clock, () => {
      if (link !== opened) return;
      link = null;
      become({ status: "resting", reason: null });
    });
    return opened;
  }

  /**
   * @template T
   * @param {(link: import("./worker-link.js").WorkerLink) => Promise<T>} action
   * @returns {Promise<T>}
   */
  async function supervised(action) {
    for (let again = true; ; again = false) {
      const current = await ready();
      try {
        return await action(current);
      } catch (error) {
        if (!BROKEN.has(error.code)) throw error;
        drop("resting");
        if (again && error.code !== "too_slow") continue;
        const failed = modelFailure(error);
        become({ status: "failed", reason: failed.code });
        throw failed;
      }
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} action
   * @returns {Promise<T>}
   */
  function inTurn(action) {
    waiting += 1;
    cancelIdle();
    return queue(action).finally(() => {
      waiting -= 1;
      if (waiting === 0) cancelIdle = clock.after(IDLE, () => drop("resting"));
    });
  }

  /**
   * @param {string} action
   * @param {object} message
   * @param {number} deadline
   */
  function call(action, message, deadline) {
    return inTurn(() => supervised((current) => current.call(action, message, deadline)));
  }

  /**
   * @param {import("./worker-link.js").WorkerLink} current
   * @param {ArrayBuffer | null} gallery what the grower taught
   */
  async function rank(current, gallery) {
    ranked = undefined;
    await current.call("rankTaught", { gallery }, deadlines.ask);
    ranked = gallery;
  }

  return {
    /**
     * Predicts from one photo, or from up to six of one tree.
     * @param {ArrayBuffer[]} photos
     * @param {{ explain?: boolean }} [options] `explain` adds a heat map, for one photo only
     * @returns {Promise<Prediction>}
     */
    predict(photos, { explain = false } = {}) {
      return call("predict", { photos, explain: explain && photos.length === 1 }, deadlines.predict * photos.length);
    },

    /**
     * Chooses which of two answers to show.
     * @param {Prediction} phone
     * @param {Prediction} relay
     * @param {string[]} [taught] ids of the classes of 'my orchard'
     * @returns {Promise<Shown>}
     */
    reconcile(phone, relay, taught) {
      return call("reconcile", { phone, relay, taught: taught || store.taught() }, deadlines.ask);
    },

    /**
     * Adds photos of a class to a gallery.
     * @param {ArrayBuffer | null} gallery
     * @param {string} classId
     * @param {string | null} label of a class that is not in the catalog
     * @param {ArrayBuffer[]} photos
     * @returns {Promise<import("./installed.js").Taught>}
     */
    teach(gallery, classId, label, photos) {
      return call("teach", { gallery, classId, label, photos }, deadlines.teach * photos.length);
    },

    /**
     * Removes a photo or a class from a gallery.
     * @param {ArrayBuffer} gallery
     * @param {{ key: string } | { classId: string }} what
     * @returns {Promise<{ gallery: ArrayBuffer, classes: import("./installed.js").OrchardClass[] }>}
     */
    forget(gallery, what) {
      return call("forget", Object.assign({ gallery }, what), deadlines.ask);
    },

    /**
     * @param {ArrayBuffer} gallery
     * @returns {Promise<{ classes: import("./installed.js").OrchardClass[], embedding: string }>}
     */
    classes(gallery) {
      return call("classes", { gallery }, deadlines.ask);
    },

    /**
     * Uses a gallery of the grower's as the next start would; fails with `bad_gallery` if it does not fit.
     * @param {ArrayBuffer | null} gallery
     * @returns {Promise<void>}
     */
    tryGallery(gallery) {
      return inTurn(() => supervised((current) => rank(current, gallery)));
    },

    /** Loads the grower's gallery from the store again. */
    refresh() {
      return inTurn(async () => {
        if (!link || state.embedding === null) return;
        try {
          const { gallery, problem } = await store.orchardGallery(state.embedding);
          // Sending bytes to the worker is slow on an iPhone.
          if (!sameBytes(gallery, ranked)) await rank(link, gallery);
          become({ orchard: problem });
        } catch (error) {
          // The next start reads the gallery.
          drop("resting");
        }
      });
    },

    /** Starts the model if it does not run. */
    ready() {
      return inTurn(async () => {
        await ready();
        return state;
      });
    },

    /** The next call retries a failed start at once. */
    resetBackoff() {
      refused = null;
    },

    /**
     * Runs another model in the worker temporarily. The installed model is restarted by the next call.
     * @template T
     * @param {import("./store.js").Bundle} bundle
     * @param {(call: (action: string, message: object, deadline: number) => Promise<any>, started: any) => Promise<T>} action
     * @returns {Promise<T>}
     */
    trial(bundle, action) {
      return inTurn(async () => {
        drop("resting");
        const trying = openLink(workers, clock, () => {});
        try {
          await code.start(trying.call);
          const started = await trying.call("start", bundle.start, deadlines.start);
          return await action(trying.call, started);
        } finally {
          trying.end();
        }
      });
    },

    state() {
      return state;
    },

    /**
     * @param {(state: ModelState) => void} listener
     * @returns {() => void} unsubscribes
     */
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/**
 * @param {ArrayBuffer | null} one
 * @param {ArrayBuffer | null | undefined} other
 */
function sameBytes(one, other) {
  if (!one || !other) return one === other;
  if (one.byteLength !== other.byteLength) return false;
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
  return left.every((byte, at) => byte === right[at]);
}

/** @typedef {ReturnType<typeof createModel>} Model */

module.exports = { createModel, DEADLINES };
