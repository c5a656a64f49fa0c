// @ts-check
const { codeOf } = require("../../basics/failure.js");
const { createQueue } = require("../../basics/queue.js");
const { decodeUtf8 } = require("../../basics/utf8.js");

/** The one file that says which model and which gallery of the grower's are in use. */
const CURRENT = "models/current.json";

/** Another number for another shape of the file. */
const FORMAT = 1;

/** @typedef {{ id: string, label: string | null, photos: string[] }} OrchardClass */

/**
 * The grower's gallery: its file, and what is in it, so that it can be listed where no model runs. Without an embedding it is
 * one whose file has not been looked into.
 * @typedef {{ file: string, embedding: string, classes: OrchardClass[] }} OrchardGallery
 */

/**
 * @typedef {object} InstalledFiles
 * @property {{ folder: string, name: string, version: string, gallery: boolean } | null} model from the relay; null is the
 *   package's own
 * @property {string | null} etag of the relay's listing that names the model in use
 * @property {OrchardGallery | null} orchard
 * @property {{ orchard: OrchardGallery | null } | null} undo what the last change of the gallery changed
 */

/** @type {InstalledFiles} */
const NOTHING = { model: null, etag: null, orchard: null, undo: null };

/**
 * What the phone holds: read once, changed by one change after another, each of them one write. What a change needs has to
 * be on the disk before the write, and what it makes needless is removed after it: killed anywhere, the phone holds the old
 * or the new.
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

    /** As far as it was read. */
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
 * Null for a file that is damaged, or of another version.
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
 * What the grower taught is not given up with the file that names it.
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
 * A name that no gallery has had, as long as one is left.
 * @param {Files} files
 */
async function newGalleryFile(files) {
  return galleryFile(((await galleryNumbers(files)).pop() || 0) + 1);
}

/** @typedef {ReturnType<typeof createInstalledModel>} InstalledModel */

module.exports = { createInstalledModel, galleryNumbers, galleryFile, newGalleryFile, NOTHING };
