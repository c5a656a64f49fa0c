// @ts-check
const { codeOf } = require("../../basics/failure.js");
const { createQueue } = require("../../basics/queue.js");
const { decodeUtf8 } = require("../../basics/utf8.js");

/** Records which model and which of the grower's galleries are in use. */
const CURRENT = "models/current.json";

/** Version of the file's format. */
const FORMAT = 1;

/** @typedef {{ id: string, label: string | null, photos: string[] }} OrchardClass */

/**
 * A gallery after a lesson; `keys` are the photos of the lesson.
 * @typedef {{ gallery: ArrayBuffer, keys: string[], classes: OrchardClass[] }} Taught
 */

/**
 * The grower's gallery: its file and its classes, so that they can be listed without a running model. An empty embedding means
 * that the file has not been read yet.
 * @typedef {{ file: string, embedding: string, classes: OrchardClass[] }} OrchardGallery
 */

/**
 * @typedef {object} InstalledFiles
 * @property {{ folder: string, name: string, version: string, gallery: boolean } | null} model downloaded from the relay; null
 *   is the packaged model
 * @property {string | null} etag of the relay's listing of the model in use
 * @property {OrchardGallery | null} orchard
 * @property {{ orchard: OrchardGallery | null } | null} undo state before the last change of the gallery
 */

/** @type {InstalledFiles} */
const NOTHING = { model: null, etag: null, orchard: null, undo: null };

/**
 * Records which model and gallery are installed. Read once; each change is serialized and is one atomic write. Files that a
 * change needs are written before it, files that it makes obsolete are removed after it, so that a crash leaves either the old
 * or the new state.
 * @param {Files} files
 */
function createInstalledModel(files) {
  const queue = createQueue();
  /** @type {InstalledFiles} */
  let current = NOTHING;
  /** @type {Promise<InstalledFiles> | null} */
  let reading = null;

  async function load() {
    /** @type {ArrayBuffer} */
    let file;
    try {
      file = await files.read(CURRENT);
    } catch (error) {
      if (codeOf(error, "file_failed") === "not_found") return current;
      throw error;
    }
    current = parseInstalled(file) || Object.assign({}, NOTHING, { orchard: await newestGallery(files) });
    return current;
  }

  /** @param {InstalledFiles} next */
  async function write(next) {
    await files.write(CURRENT, JSON.stringify(Object.assign({ format: FORMAT }, next)));
    current = next;
  }

  /** @returns {Promise<InstalledFiles>} */
  function read() {
    if (!reading) {
      reading = load();
      reading.catch(() => {
        reading = null;
      });
    }
    return reading.then(() => current);
  }

  return {
    read,

    /** The state as last read; does not access the disk. */
    now: () => current,

    /**
     * @template T
     * @param {(current: InstalledFiles, write: (next: InstalledFiles) => Promise<void>) => Promise<T>} action
     * @returns {Promise<T>}
     */
    change(action) {
      return queue(async () => action(await read(), write));
    },
  };
}

/**
 * Parses the record; null if it is damaged or of another version.
 * @param {ArrayBuffer} file
 * @returns {InstalledFiles | null}
 */
function parseInstalled(file) {
  try {
    const { format, model, etag, orchard, undo } = JSON.parse(decodeUtf8(file));
    return format === FORMAT ? { model, etag, orchard, undo } : null;
  } catch (error) {
    return null;
  }
}

/** @param {string} name */
const galleryNumber = (name) => Number((/^(\d+)\.gallery$/.exec(name) || [])[1] || 0);

/**
 * Recovers the grower's newest gallery if the record that names it is lost.
 * @param {Files} files
 * @returns {Promise<OrchardGallery | null>}
 */
async function newestGallery(files) {
  const newest = (await galleryNumbers(files)).pop();
  return newest === undefined ? null : { file: galleryFile(newest), embedding: "", classes: [] };
}

/** @param {Files} files */
async function galleryNumbers(files) {
  const numbers = (await files.list("orchard")).map(galleryNumber);
  return numbers.filter((number) => number > 0).sort((a, b) => a - b);
}

/** @param {number} number */
const galleryFile = (number) => `orchard/${number}.gallery`;

/**
 * A file name that no existing gallery has.
 * @param {Files} files
 */
async function newGalleryFile(files) {
  return galleryFile(((await galleryNumbers(files)).pop() || 0) + 1);
}

/** @typedef {ReturnType<typeof createInstalledModel>} InstalledModel */

module.exports = { createInstalledModel, galleryNumbers, galleryFile, newGalleryFile, NOTHING };
