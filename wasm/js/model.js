/**
 * Loads the package's own model.
 *
 * @param {(name: string) => Promise<Uint8Array>} read reads a file of the package's `model` folder
 * @param {new (manifest: Uint8Array, weights: Uint8Array, gallery: Uint8Array) => any} Scout
 */
export async function loadModel(read, Scout) {
  const [manifest, weights, gallery, catalog] = await Promise.all(
    ["manifest.json", "weights.bpk", "mango-pests.gallery", "catalog.json"].map(read),
  );
  const scout = new Scout(manifest, weights, gallery);
  scout.useCatalog(catalog);
  return scout;
}
