// @ts-check
const scout = require("./scout.js");
const galleries = require("./galleries.js");
const loaded = require("./loaded.js");

/**
 * Actions of the worker by message name. They throw Errors with the codes of `wasm/npm/index.d.ts`.
 * @type {Record<string, (message: any) => any>}
 */
const actions = {
  async engine({ wasm }) {
    await scout.init(wasm);
    return {};
  },

  start({ manifest, weights, catalog, galleries: files }) {
    const made = new scout.Scout(manifest, weights);
    made.useCatalog(catalog);
    made.useGalleries(files);
    loaded.replace(made, files);
    return {
      model: { name: made.modelName, version: made.modelVersion },
      embedding: made.embeddingId,
      engine: scout.version(),
    };
  },

  predict({ photos, explain }) {
    if (photos.length === 1) return loaded.scout().predict(photos[0], { explain });
    return loaded.scout().predictMany(photos);
  },

  /** Ranks the model's own galleries and the grower's, where there is one. The model's own came with `start`. */
  rankTaught({ gallery }) {
    const own = loaded.galleries();
    loaded.scout().useGalleries(gallery ? own.concat(gallery) : own);
    return {};
  },

  teach: galleries.teach,
  forget: galleries.forget,
  classes: galleries.classes,

  reconcile({ phone, relay, taught }) {
    return scout.reconcile(phone, relay, taught);
  },
};

module.exports = { actions };
