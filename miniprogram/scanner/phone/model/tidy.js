// @ts-check

/**
 * Removes the folders of models that are not in use. Folders that cannot be removed now are removed next time.
 * @param {Files} files
 * @param {import("./installed.js").InstalledFiles} current
 */
async function tidyModels(files, { model }) {
  try {
    for (const name of await files.list("models")) {
      const path = `models/${name}`;
      if (/^[0-9a-f]{16}$/.test(name) && (!model || model.folder !== path)) await files.remove(path);
    }
  } catch (error) {
    return;
  }
}

module.exports = { tidyModels };
