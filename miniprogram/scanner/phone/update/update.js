// @ts-check
const { failure } = require("../../basics/failure.js");
const { packaged } = require("../../basics/packaged.js");
const { sha256InSlices } = require("../../basics/sha256.js");
const { tidyModels } = require("../model/tidy.js");
const { rebuildOrchard } = require("../orchard/rebuild.js");
const { folderOf, parseListing } = require("./listing.js");
const { difference } = require("./self-test.js");

/** Milliseconds for a prediction of a small picture and for teaching one. */
const DEADLINES = { ask: 20000, teach: 60000 };

/** @typedef {import("../model/model.js").Model["trial"]} Trial */

/**
 * @typedef {object} UpdateParts
 * @property {Files} files
 * @property {Clock} clock
 * @property {import("../model/store.js").ModelStore} store
 * @property {Trial} trial
 * @property {boolean} repair the installed model is damaged
 */

/**
 * The switch is one write of the installed state, which names model and gallery together. The files that it names are on disk
 * before it.
 * @param {UpdateParts} parts
 * @param {import("../../relay/relay.js").Relay} relay
 * @returns {Promise<{ updated: boolean }>}
 */
async function updateModel(parts, relay) {
  const { files, store, repair } = parts;
  const { installed } = store;
  const { etag: known } = await installed.read();
  const answer = await relay.deviceModel(repair ? null : known);
  if (!answer.changed) return { updated: false };
  const { etag } = answer;
  const listing = parseListing(answer.listing);
  const folder = folderOf(listing);
  if (!repair && (await inUse(parts, installed.now(), listing, folder))) {
    await installed.change((current, write) => write(Object.assign({}, current, { etag })));
    return { updated: false };
  }
  /** @type {Record<string, ArrayBuffer>} */
  const content = {};
  for (const file of listing.files) content[file.name] = await fetched(parts, folder, file, relay);
  await installed.change((current, write) =>
    tried(parts, listing, content, current, (orchard) => {
      const { name, version } = listing;
      const model = { folder, name, version, gallery: Boolean(content.gallery) };
      return write(Object.assign({}, current, { model, etag }, orchard));
    }),
  );
  await tidyModels(files, installed.now());
  return { updated: true };
}

/**
 * Whether this model is installed already or is the packaged one.
 * @param {UpdateParts} parts
 * @param {import("../model/installed.js").InstalledFiles} current
 * @param {import("./listing.js").Listing} listing
 * @param {string} folder
 */
async function inUse({ files, clock }, { model }, listing, folder) {
  if (model) return model.folder === folder;
  for (const { name, bytes, sha256: sum } of listing.files) {
    const file = await packaged(files, name);
    if (file.byteLength !== bytes || (await sha256InSlices(file, clock)) !== sum) return false;
  }
  return listing.files.length === 3;
}

/**
 * A file of the model, on disk. A file that an interrupted update downloaded is not downloaded again.
 * @param {UpdateParts} parts
 * @param {string} folder
 * @param {import("./listing.js").ListedFile} file
 * @param {import("../../relay/relay.js").Relay} relay
 */
async function fetched({ files, clock }, folder, { name, url, bytes, sha256: sum }, relay) {
  const path = `${folder}/${name}`;
  if (await files.exists(path)) {
    const there = await files.read(path);
    if (there.byteLength === bytes && (await sha256InSlices(there, clock)) === sum) return there;
  }
  const content = await relay.download(url);
  if (content.byteLength !== bytes) {
    throw failure("update_damaged", `received ${content.byteLength} bytes of ${name} instead of ${bytes}; try again`);
  }
  if ((await sha256InSlices(content, clock)) !== sum) {
    throw failure("update_damaged", `the sha256 of ${name} differs from the relay's listing; try again`);
  }
  await files.write(path, content);
  return content;
}

/**
 * Runs the model, checks its answer against the relay's self-test and its use of the grower's gallery, then switches.
 * @param {UpdateParts} parts
 * @param {import("./listing.js").Listing} listing
 * @param {Record<string, ArrayBuffer>} content
 * @param {import("../model/installed.js").InstalledFiles} current
 * @param {(orchard: Partial<import("../model/installed.js").InstalledFiles>) => Promise<void>} switchTo
 */
async function tried({ files, store, trial }, listing, content, current, switchTo) {
  const bundle = await store.bundleOf(content.manifest, content.weights, content.gallery || null, true);
  const { selfTest } = listing;
  let switching = false;
  try {
    await trial(bundle, async (call, started) => {
      if (started.embedding !== listing.embedding) throw new Error(`its embedding is ${started.embedding}`);
      const found = await call("predict", { photos: [selfTest.photo], explain: false }, DEADLINES.ask);
      const wrong = difference(selfTest, found);
      if (wrong) throw new Error(wrong);
      const { orchard } = current;
      if (!orchard) {
        switching = true;
        await switchTo({});
        return;
      }
      const same = orchard.embedding === started.embedding;
      /** @type {{ gallery: ArrayBuffer, changes: Partial<import("../model/installed.js").InstalledFiles> }} */
      const next = same
        ? { gallery: await files.read(orchard.file), changes: {} }
        : await rebuilt(files, orchard, started.embedding, call);
      await call("rankTaught", { gallery: next.gallery }, DEADLINES.ask);
      switching = true;
      await switchTo(next.changes);
    });
  } catch (error) {
    if (switching || error.code === "cannot_rebuild" || error.code === "storage_full") throw error;
    throw failure("update_fails", `the relay's model is not installed: ${error.message}`);
  }
}

/**
 * @param {Files} files
 * @param {import("../model/installed.js").OrchardGallery} orchard
 * @param {string} embedding
 * @param {(action: string, message: object, deadline: number) => Promise<any>} call
 * @returns {Promise<{ gallery: ArrayBuffer, changes: Partial<import("../model/installed.js").InstalledFiles> }>}
 */
async function rebuilt(files, orchard, embedding, call) {
  const made = await rebuildOrchard(files, orchard, embedding, (gallery, classId, label, photos) =>
    call("teach", { gallery, classId, label, photos }, DEADLINES.teach * photos.length),
  );
  return { gallery: made.gallery, changes: { orchard: made.orchard, undo: null } };
}

module.exports = { updateModel };
