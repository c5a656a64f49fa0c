// @ts-check
const { failure } = require("../../basics/failure.js");

/** Codes after which the worker has to be replaced. */
const BROKEN = new Set(["worker_killed", "panic", "needs_restart", "not_initialised", "too_slow"]);

/** Codes that another model does not fix. */
const NO_ENGINE = new Set(["cannot_start", "engine_missing"]);

/** Codes of faulty model files. */
const BAD_FILES = new Set(["bad_manifest", "bad_weights", "bad_gallery", "bad_catalog"]);

/**
 * Starts a worker with the installed model and the grower's gallery.
 *
 * A worker that is killed or crashes while starting is retried once. If a downloaded model does not start, the packaged model
 * is used. A gallery that does not fit does not prevent the start.
 *
 * @param {object} parts
 * @param {() => import("./worker-link.js").WorkerLink} parts.open
 * @param {import("./engine.js").Engine} parts.engine
 * @param {import("./store.js").ModelStore} parts.store
 * @param {{ start: number, ask: number }} parts.deadlines
 */
async function startModel({ open, engine: code, store, deadlines }) {
  let again = true;
  for (;;) {
    const bundle = await store.bundle();
    let link = null;
    try {
      link = opened(open);
      await code.start(link.call);
      const started = await link.call("start", bundle.start, deadlines.start);
      const { taught, problem } = await rankTaught(link, started.embedding, store, deadlines);
      const { model, embedding, engine } = started;
      return { link, taught, model, embedding, engine, orchard: problem };
    } catch (error) {
      if (link) link.end();
      if (again && BROKEN.has(error.code) && error.code !== "too_slow") {
        again = false;
      } else if (bundle.downloaded && !NO_ENGINE.has(error.code)) {
        store.distrust();
        again = true;
      } else {
        throw startFailure(error);
      }
    }
  }
}

/** @param {() => import("./worker-link.js").WorkerLink} open */
function opened(open) {
  try {
    return open();
  } catch (error) {
    throw failure("cannot_start", `WeChat cannot create a worker (${error.message || error.errMsg})`);
  }
}

/**
 * Loads the grower's gallery into the worker.
 * @param {import("./worker-link.js").WorkerLink} link
 * @param {string} embedding
 * @param {import("./store.js").ModelStore} store
 * @param {{ ask: number }} deadlines
 * @returns {Promise<{ taught: ArrayBuffer | null | undefined, problem: string | null }>} the loaded gallery, undefined if
 *   unknown, and why none is loaded
 */
async function rankTaught(link, embedding, store, deadlines) {
  const { gallery, problem } = await store.orchardGallery(embedding);
  if (!gallery) return { taught: null, problem };
  try {
    await link.call("rankTaught", { gallery }, deadlines.ask);
    return { taught: gallery, problem: null };
  } catch (error) {
    if (error.code !== "bad_gallery") throw error;
    return { taught: undefined, problem: error.code };
  }
}

/** @param {any} error */
function startFailure(error) {
  if (BROKEN.has(error.code)) return modelFailure(error);
  if (["model_missing", "wechat_too_old", "engine_missing"].includes(error.code)) return error;
  if (BAD_FILES.has(error.code)) {
    return failure("model_missing", `the package's model cannot be used; build and upload it again (${error.message})`);
  }
  return failure("cannot_start", error.message);
}

/** @param {any} error with a code of `BROKEN` */
function modelFailure(error) {
  if (error.code === "too_slow") return error;
  return failure("model_unavailable", `the model on the phone crashed or was ended twice (${error.message})`);
}

module.exports = { startModel, modelFailure, BROKEN };
