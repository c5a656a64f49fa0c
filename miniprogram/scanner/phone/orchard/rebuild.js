// @ts-check
const { failure } = require("../../basics/failure.js");
const { newGalleryFile } = require("../model/installed.js");

/** Path of the small copy of a taught photo. */
const picturePath = (/** @type {string} */ key) => `orchard/photos/${key}.jpg`;

/**
 * Rebuilds the grower's gallery for another model from the small copies of its photos, in a new file beside the old one. A
 * copy has another key than its photo, so it gets a second name. Fails with `cannot_rebuild` if any copy is missing, because a
 * class without some of its photos would answer differently.
 *
 * @param {Files} files
 * @param {import("../model/installed.js").OrchardGallery} orchard
 * @param {string} embedding of the other model
 * @param {(gallery: ArrayBuffer | null, classId: string, label: string | null, photos: ArrayBuffer[]) => Promise<import("../model/installed.js").Taught>} teach
 */
async function rebuildOrchard(files, orchard, embedding, teach) {
  for (const key of keysOf(orchard)) {
    if (!(await files.exists(picturePath(key)))) {
      const advice = "export it and empty it to take the new model";
      throw failure("cannot_rebuild", `pictures of the taught photos were not kept, so the gallery cannot be rebuilt for another model; ${advice}`);
    }
  }
  /** @type {{ gallery: ArrayBuffer | null, classes: import("../model/installed.js").OrchardClass[] }} */
  let made = { gallery: null, classes: [] };
  for (const { id, label, photos } of orchard.classes) {
    const copies = [];
    for (const key of photos) copies.push(await files.read(picturePath(key)));
    const taught = await teach(made.gallery, id, label, copies);
    for (const [at, key] of taught.keys.entries()) {
      if (!(await files.exists(picturePath(key)))) await files.write(picturePath(key), copies[at]);
    }
    made = taught;
  }
  const { gallery, classes } = made;
  const next = { file: await newGalleryFile(files), embedding, classes };
  if (!gallery || keysOf(next).length !== keysOf(orchard).length) {
    throw failure("cannot_rebuild", "two of the kept pictures are the same one; remove one of them");
  }
  await files.write(next.file, gallery);
  return { gallery, orchard: next };
}

/** @param {import("../model/installed.js").OrchardGallery | null} orchard */
function keysOf(orchard) {
  /** @type {string[]} */
  const none = [];
  return orchard ? none.concat(...orchard.classes.map(({ photos }) => photos)) : none;
}

module.exports = { rebuildOrchard, keysOf, picturePath };
