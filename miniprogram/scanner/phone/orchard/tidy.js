// @ts-check
const { galleryFile, galleryNumbers } = require("../model/installed.js");
const { keysOf, picturePath } = require("../model/rebuild.js");

/**
 * Removes the galleries and small copies that are not in use. What cannot be removed now is removed next time.
 * @param {Files} files
 * @param {import("../model/installed.js").InstalledFiles} current
 */
async function tidyOrchard(files, { orchard, undo }) {
  const named = [orchard, undo && undo.orchard];
  // What is in a gallery that nobody looked into is not known yet.
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
