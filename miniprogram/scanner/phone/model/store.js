// @ts-check
const { packaged } = require("../../basics/packaged.js");
const { createInstalledModel, NOTHING } = require("./installed.js");
const { tidyModels } = require("./tidy.js");

/**
 * A model's files, as the worker's `start` action takes them.
 * @typedef {object} Bundle
 * @property {boolean} downloaded from the relay
 * @property {{ manifest: ArrayBuffer, weights: ArrayBuffer, catalog: ArrayBuffer, galleries: ArrayBuffer[] }} start
 */

/**
 * The installed model: the packaged one, or one from the relay, stored below `models/`.
 * @param {Files} files
 */
function createModelStore(files) {
  const installed = createInstalledModel(files);
  /** The relay's model could not be read or started; the packaged model is used until the next launch. */
  let distrusted = false;

  /**
   * @param {ArrayBuffer} manifest
   * @param {ArrayBuffer} weights
   * @param {ArrayBuffer | null} gallery
   * @param {boolean} downloaded
   * @returns {Promise<Bundle>}
   */
  async function bundleOf(manifest, weights, gallery, downloaded) {
    const catalog = await packaged(files, "catalog");
    return { downloaded, start: { manifest, weights, catalog, galleries: gallery ? [gallery] : [] } };
  }

  async function packagedBundle() {
    const [manifest, weights, gallery] = [
      await packaged(files, "manifest"),
      await packaged(files, "weights"),
      await packaged(files, "gallery"),
    ];
    return bundleOf(manifest, weights, gallery, false);
  }

  /** @param {string} folder of a model from the relay */
  async function downloadedBundle(folder, /** @type {boolean} */ gallery) {
    const [manifest, weights] = [await files.read(`${folder}/manifest`), await files.read(`${folder}/weights`)];
    return bundleOf(manifest, weights, gallery ? await files.read(`${folder}/gallery`) : null, true);
  }

  return {
    installed,
    bundleOf,

    /** The model in use. */
    async bundle() {
      // The packaged model works even if the phone's storage fails.
      const { model } = await installed.read().catch(() => NOTHING);
      if (!model || distrusted) return packagedBundle();
      try {
        return await downloadedBundle(model.folder, model.gallery);
      } catch (error) {
        distrusted = true;
        return packagedBundle();
      }
    },

    /** Use the packaged model: the relay's does not start. */
    distrust() {
      distrusted = true;
    },

    /** Use the downloaded model: it was replaced by a sound one. */
    trust() {
      distrusted = false;
    },

    isDistrusted: () => distrusted,

    /**
     * The grower's gallery, for a model with this embedding.
     * @param {string} embedding
     * @returns {Promise<{ gallery: ArrayBuffer | null, problem: string | null }>}
     */
    async orchardGallery(embedding) {
      try {
        const { orchard } = await installed.read();
        if (!orchard) return { gallery: null, problem: null };
        if (orchard.embedding !== embedding) return { gallery: null, problem: "other_model" };
        return { gallery: await files.read(orchard.file), problem: null };
      } catch (error) {
        return { gallery: null, problem: "bad_gallery" };
      }
    },

    /** Ids of the taught classes. */
    taught() {
      const { orchard } = installed.now();
      return orchard ? orchard.classes.map(({ id }) => id) : [];
    },

    /**
     * Reads the installed state and removes what an interrupted update left. If the storage cannot be read, the packaged model
     * is used and the state is read again when the model starts.
     */
    async open() {
      const current = await installed.read().catch(() => null);
      if (current) await tidyModels(files, current);
    },
  };
}

/** @typedef {ReturnType<typeof createModelStore>} ModelStore */

module.exports = { createModelStore };
