import { failure } from "./failure.js";
import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {URL} url written out where it is used, so that bundlers see which files belong to the package */
async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw failure("not_found", `${url} answers ${response.status}; serve the package's files beside it`);
  return new Uint8Array(await response.arrayBuffer());
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
    const { instance } = await WebAssembly.instantiate(source, imports);
    return instance.exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => fetched(FILES[name]()), Scout);
}

export { init, load, Scout, Gallery, version, crashForTest };
