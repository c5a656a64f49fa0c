// @ts-check
const scout = require("./scout.js");
const galleries = require("./galleries.js");
const loaded = require("./loaded.js");

/**
 * What the worker does, by the name that a message carries. An action throws Errors with the codes of
 * `wasm/npm/index.d.ts`.
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
    loaded.replace(made);
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

  useGalleries({ galleries: files }) {
    loaded.scout().useGalleries(files);
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
