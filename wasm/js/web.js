import { failure } from "./failure.js";
import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {URL} url written out where it is used, so that bundlers see which files belong to the package */
async function fetched(url) {
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new Error(`status ${response.status}`);
  } catch (error) {
    throw failure("not_found", `cannot fetch ${url} (${error.message}); serve the package's files beside its script`);
  }
}

const FILES = {
  "manifest.json": () => new URL("./model/manifest.json", import.meta.url),
  "weights.bpk": () => new URL("./model/weights.bpk", import.meta.url),
  "mango-pests.gallery": () => new URL("./model/mango-pests.gallery", import.meta.url),
  "catalog.json": () => new URL("./model/catalog.json", import.meta.url),
};

async function init(wasm) {
  await start(async (imports) => {
    const source = wasm ?? (await fetched(new URL("./mango_wasm_bg.wasm", import.meta.url)));
    const started = await WebAssembly.instantiate(source, imports);
    // Bytes give both, a compiled module gives its instance alone.
    return (started.instance ?? started).exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => fetched(FILES[name]()), Scout);
}

export { init, load, Scout, Gallery, reconcile, version, crashForTest };
