import { readFile } from "node:fs/promises";

import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {string} path below the package */
const read = (path) => readFile(new URL(path, import.meta.url));

async function init(wasm) {
  await start(async (imports) => {
    const { instance } = await WebAssembly.instantiate(wasm ?? (await read("mango_wasm_bg.wasm")), imports);
    return instance.exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => read(`model/${name}`), Scout);
}

export { init, load, Scout, Gallery, version, crashForTest };
