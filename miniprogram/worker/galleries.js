// @ts-check
const { Gallery } = /** @type {any} */ (require("./scout.js"));
const loaded = require("./loaded.js");

// Galleries are passed as files: the worker may be ended at any time and holds nothing that is not on disk.

/** @param {{ gallery: ArrayBuffer | null, classId: string, label: string | null, photos: ArrayBuffer[] }} message */
function teach({ gallery: file, classId, label, photos }) {
  return using(file ? Gallery.parse(file) : loaded.scout().newGallery(), (gallery) => {
    const keys = photos.map((photo) =>
      using(loaded.scout().embed(photo), (embedded) => {
        gallery.add(classId, embedded);
        return embedded.key;
      }),
    );
    // The catalog's classes have names; a label that is there stays unless another one comes.
    if (label !== null) gallery.label(classId, label);
    return { gallery: packed(gallery), keys, classes: gallery.classes };
  });
}

/** @param {{ gallery: ArrayBuffer, key?: string, classId?: string }} message */
function forget({ gallery: file, key, classId }) {
  return using(Gallery.parse(file), (gallery) => {
    if (classId !== undefined) gallery.removeClass(classId);
    else gallery.remove(key);
    return { gallery: packed(gallery), classes: gallery.classes };
  });
}

/** @param {{ gallery: ArrayBuffer }} message */
function classes({ gallery: file }) {
  return using(Gallery.parse(file), (gallery) => ({ classes: gallery.classes, embedding: gallery.embeddingId }));
}

/**
 * Phones do not garbage-collect the model's objects: each is freed explicitly.
 * @template T
 * @param {any} held
 * @param {(held: any) => T} action
 */
function using(held, action) {
  try {
    return action(held);
  } finally {
    held.free();
  }
}

/** A copy that stands alone: what `serialize` gives may be a view of something larger. */
function packed(/** @type {any} */ gallery) {
  return new Uint8Array(gallery.serialize()).buffer;
}

module.exports = { classes, forget, teach };
