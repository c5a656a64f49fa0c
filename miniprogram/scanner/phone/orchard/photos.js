// @ts-check
const { codeOf } = require("../../basics/failure.js");
const { picturePath } = require("./rebuild.js");

/** Longer side in pixels: the model's input size for a photo of 4:3. */
const SIDE = 256;

const FOLDER = "orchard/photos";

/** Folder into which outside files are copied to be read. */
const INCOMING = "orchard/incoming";

/**
 * The small copies of taught photos.
 * @param {Files} files
 * @param {Pictures} pictures
 */
function createOrchardPhotos(files, pictures) {
  /** @type {Set<string>} */
  let kept = new Set();
  let incoming = 0;

  /** Path in `Files`, or null for an outside path. @param {string} path */
  function inside(path) {
    const root = files.url("");
    if (path.startsWith(root)) return path.slice(root.length);
    return path.indexOf("://") < 0 && !path.startsWith("/") ? path : null;
  }

  async function look() {
    kept = new Set((await files.list(FOLDER)).map((name) => name.replace(/\.jpg$/, "")));
  }

  return {
    look,

    /** Removes files left by an interrupted read. */
    tidy: () => files.remove(INCOMING),

    /** @param {string} path @returns {Promise<ArrayBuffer>} */
    async read(path) {
      const own = inside(path);
      if (own !== null) return files.read(own);
      incoming += 1;
      const copy = `${INCOMING}/${incoming}`;
      await files.copyIn(path, copy);
      try {
        return await files.read(copy);
      } finally {
        await files.remove(copy);
      }
    },

    /**
     * @param {string} key
     * @param {string} path
     */
    async keep(key, path) {
      const own = inside(path);
      try {
        await files.copyIn(await pictures.shrink(own === null ? path : files.url(own), SIDE), picturePath(key));
      } catch (error) {
        // Without a copy the photo still counts; only a model with another embedding cannot use it.
        if (codeOf(error, "") !== "picture_failed") throw error;
      }
    },

    /** @param {string} key */
    url(key) {
      return kept.has(key) ? files.url(picturePath(key)) : null;
    },

    async removeAll() {
      await files.remove(FOLDER);
      await look();
    },
  };
}

module.exports = { createOrchardPhotos };
