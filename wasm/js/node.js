import { readFile } from "node:fs/promises";

import { failure } from "./failure.js";
import { given } from "./file.js";
import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {string} path relative to the package */
const read = (path) =>
  readFile(new URL(path, import.meta.url)).catch((error) => {
    throw failure("not_found", `cannot read the package's ${path} (${error.message}); reinstall the package`);
  });

async function init(wasm) {
  await start(async (imports) => {
    const source = given(wasm) ?? (await read("mango_wasm_bg.wasm"));
    const started = await WebAssembly.instantiate(source, imports);
    // For bytes the result is a module and an instance, for a compiled module only an instance.
    return (started.instance ?? started).exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => read(`model/${name}`), Scout);
}

export { init, load, Scout, Gallery, reconcile, version, crashForTest };
