// @ts-check
const { failure } = require("../../basics/failure.js");
const { newGalleryFile } = require("../model/installed.js");
const { createOrchardPhotos } = require("./photos.js");
const { rebuildOrchard, keysOf } = require("./rebuild.js");
const { tidyOrchard } = require("./tidy.js");

/** Name of the exported file. */
const EXPORTED = "export/mango-orchard.gallery";

/**
 * 'My orchard': the classes that the grower taught the phone.
 *
 * Each change writes a new gallery file and then, in one write, records it as the one in use; the previous one is kept for
 * `undo`. The model has to accept a gallery before it is recorded. Failures have a `code`: those of the model and of files;
 * `other_model`, the gallery belongs to another model; `gallery_refuses`, the photo is known as another class;
 * `orchard_not_empty`; `nothing_taught`.
 *
 * @param {object} parts
 * @param {{ files: Files, pictures: Pictures }} parts.ports
 * @param {import("../model/store.js").ModelStore} parts.store
 * @param {import("../model/model.js").Model} parts.model
 * @param {() => Settings} parts.settings
 */
function createOrchard({ ports: { files, pictures }, store: { installed }, model, settings }) {
  const photos = createOrchardPhotos(files, pictures);

  /**
   * @typedef {import("../model/installed.js").OrchardGallery} OrchardGallery
   * @typedef {{ gallery: ArrayBuffer | null, classes: import("../model/installed.js").OrchardClass[] }} Made
   */

  /**
   * @param {(orchard: OrchardGallery | null, gallery: ArrayBuffer | null) => Promise<Made>} make
   * @param {string} embedding
   */
  function change(make, embedding) {
    return installed.change(async (current, write) => {
      const { orchard } = current;
      const made = await make(orchard, orchard && (await files.read(orchard.file)));
      if (orchard && JSON.stringify(orchard.classes) === JSON.stringify(made.classes)) return;
      try {
        await model.tryGallery(made.classes.length > 0 ? made.gallery : null);
        await write(Object.assign({}, current, { orchard: await stored(made, embedding), undo: { orchard } }));
      } finally {
        await model.refresh();
      }
      await tidyOrchard(files, installed.now());
    });
  }

  /**
   * @param {Made} made
   * @param {string} embedding
   * @returns {Promise<OrchardGallery | null>}
   */
  async function stored({ gallery, classes }, embedding) {
    if (!gallery || classes.length === 0) return null;
    const file = await newGalleryFile(files);
    await files.write(file, gallery);
    return { file, embedding, classes };
  }

  /**
   * @param {ArrayBuffer | null} gallery
   * @param {string} classId
   * @param {string | null} label
   * @param {string[]} paths
   * @returns {Promise<Made>}
   */
  async function taughtAll(gallery, classId, label, paths) {
    const contents = [];
    for (const path of paths) contents.push(await photos.read(path));
    const lesson = await model.teach(gallery, classId, label, contents);
    if (settings().keepTaught) {
      for (const [at, path] of paths.entries()) await photos.keep(lesson.keys[at], path);
    }
    return lesson;
  }

  /** The embedding of the installed model; rebuilds the gallery first if it has another one. */
  async function fitting() {
    const embedding = String((await model.ready()).embedding);
    const { orchard } = await installed.read();
    if (!orchard || orchard.embedding === embedding) return embedding;
    await mend();
    return embedding;
  }

  /**
   * Rebuilds the gallery if the installed model is not the one it was made for: a new version of the mini-program may have
   * another packaged model.
   * @returns {Promise<void>}
   */
  async function mend() {
    const embedding = String((await model.ready()).embedding);
    await installed.change(async (current, write) => {
      if (!current.orchard || current.orchard.embedding === embedding) return;
      const known = current.orchard.embedding === "" ? await looked(current.orchard) : current.orchard;
      const orchard = known.embedding === embedding ? known : await rebuiltFor(known, embedding);
      await write(Object.assign({}, current, { orchard, undo: null }));
      await model.refresh();
      await tidyOrchard(files, installed.now());
    });
    await photos.look();
  }

  /** @param {OrchardGallery} orchard */
  async function looked({ file }) {
    const { classes, embedding } = await model.classes(await files.read(file));
    return { file, classes, embedding };
  }

  /**
   * @param {OrchardGallery} orchard
   * @param {string} embedding
   */
  async function rebuiltFor(orchard, embedding) {
    try {
      return (await rebuildOrchard(files, orchard, embedding, model.teach)).orchard;
    } catch (error) {
      if (error.code !== "cannot_rebuild") throw error;
      throw failure("other_model", `the gallery belongs to another model than the installed one; ${error.message}`);
    }
  }

  /** @param {() => Promise<void>} action */
  async function looking(action) {
    await action();
    await photos.look();
  }

  /** Reads the disk again after another model was installed. */
  function look() {
    return looking(() => installed.change((current) => tidyOrchard(files, current)));
  }

  /**
   * The taught classes, as far as `open` has read them.
   * @returns {TaughtClass[]}
   */
  function list() {
    const { orchard } = installed.now();
    const classes = orchard ? orchard.classes : [];
    return classes.map(({ id, label, photos: keys }) => ({
      id,
      label,
      photos: keys.map((key) => ({ key, picture: photos.url(key) })),
    }));
  }

  return {
    /** Reads what is there. */
    async open() {
      await photos.tidy();
      await look();
    },

    look,

    mend,

    /**
     * Adds photos to a class, all or none; with the grower's consent small copies are kept on the phone.
     * @param {string} classId of the catalog, or a new one of a-z, 0-9 and _
     * @param {string | null} label of a class that is not in the catalog
     * @param {string | string[]} paths of `Files`, or from outside
     */
    async teach(classId, label, paths) {
      const lessons = Array.isArray(paths) ? paths : [paths];
      if (lessons.length === 0) throw failure("bad_argument", "there is no photo to teach; give one");
      const embedding = await fitting();
      await looking(() =>
        change((_, gallery) => taughtAll(gallery, classId, label, lessons), embedding).catch((error) => {
          // The model's own gallery has the photo under another class.
          throw error.code === "bad_gallery" ? failure("gallery_refuses", error.message) : error;
        }),
      );
    },

    /** @param {string} key of a photo */
    async remove(key) {
      const embedding = await fitting();
      await looking(() => change((_, gallery) => model.forget(taught(gallery), { key }), embedding));
    },

    /** @param {string} classId */
    async removeClass(classId) {
      const embedding = await fitting();
      await looking(() => change((_, gallery) => model.forget(taught(gallery), { classId }), embedding));
    },

    /** Removes everything, including small copies. Cannot be undone. */
    removeAll() {
      return looking(() =>
        installed.change(async (current, write) => {
          await write(Object.assign({}, current, { orchard: null, undo: null }));
          await model.refresh();
          await tidyOrchard(files, installed.now());
        }),
      );
    },

    canUndo() {
      return installed.now().undo !== null;
    },

    /**
     * Undoes the last change.
     * @returns {Promise<boolean>} whether there was one
     */
    async undo() {
      let undone = false;
      await looking(() =>
        installed.change(async (current, write) => {
          if (!current.undo) return;
          await write(Object.assign({}, current, { orchard: current.undo.orchard, undo: null }));
          undone = true;
          await model.refresh();
          await tidyOrchard(files, installed.now());
        }),
      );
      return undone;
    },

    list,

    /**
     * Exports the gallery for another phone. It holds embeddings and class names, no photos.
     * @returns {Promise<string>} the path of the file, for `wx.shareFileMessage`
     */
    async exportFile() {
      const { orchard } = await installed.read();
      if (!orchard) throw failure("nothing_taught", "nothing was taught yet");
      await files.write(EXPORTED, await files.read(orchard.file));
      return files.url(EXPORTED);
    },

    /**
     * Imports a gallery from another phone. Fails with `orchard_not_empty` if classes exist, unless `replace` is set; a
     * replacement can be undone.
     * @param {string} path
     * @param {{ replace?: boolean }} [options]
     */
    async importFile(path, { replace = false } = {}) {
      const embedding = String((await model.ready()).embedding);
      const gallery = await photos.read(path);
      const { classes, embedding: of } = await model.classes(gallery);
      if (of !== embedding) {
        throw failure("other_model", "the file belongs to another model than this phone's; update both phones to the same version");
      }
      await looking(() =>
        change(async (orchard) => {
          if (orchard && !replace) throw failure("orchard_not_empty", "the import would replace existing classes; confirm to replace them");
          return { gallery, classes };
        }, embedding),
      );
    },

    /** Removes the small copies when consent is withdrawn; the taught classes stay. */
    async forgetPictures() {
      await installed.change(() => photos.removeAll());
    },

    /** Number of taught photos. */
    size() {
      return keysOf(installed.now().orchard).length;
    },
  };
}

/** @param {ArrayBuffer | null} gallery */
function taught(gallery) {
  if (gallery) return gallery;
  throw failure("nothing_taught", "nothing was taught, so nothing can be removed");
}

/** @typedef {ReturnType<typeof createOrchard>} Orchard */

module.exports = { createOrchard };
