// @ts-check
const { galleryFile, galleryNumbers } = require("../model/installed.js");
const { keysOf, picturePath } = require("./rebuild.js");

/**
 * Removes galleries and small copies that are not in use. Files that cannot be removed now are removed next time.
 * @param {Files} files
 * @param {import("../model/installed.js").InstalledFiles} current
 */
async function tidyOrchard(files, { orchard, undo }) {
  const named = [orchard, undo && undo.orchard];
  // The contents of a gallery that was not read are unknown.
  if (named.some((one) => one && one.embedding === "")) return;
  const used = new Set(named.map((one) => one && one.file));
  const keys = new Set(keysOf(named[0]).concat(keysOf(named[1])).map(picturePath));
  try {
    for (const path of (await galleryNumbers(files)).map(galleryFile)) {
      if (!used.has(path)) await files.remove(path);
    }
    for (const name of await files.list("orchard/photos")) {
      if (!keys.has(`orchard/photos/${name}`)) await files.remove(`orchard/photos/${name}`);
    }
  } catch (error) {
    return;
  }
}

module.exports = { tidyOrchard };
