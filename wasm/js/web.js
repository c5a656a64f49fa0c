import { failure } from "./failure.js";
import { given, inlined, notAPage } from "./file.js";
import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {() => URL} locate written out where it is used, so that bundlers see which files belong to the package */
async function fetched(locate) {
  const url = located(locate);
  if (url.protocol === "data:") return inlined(url.href);
  let file;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    file = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure("not_found", `cannot fetch ${url} (${error.message}); serve the package's files beside its script`);
  }
  return notAPage(file, url.href);
}

function located(locate) {
  try {
    return locate();
  } catch {
    // A bundler that makes a classic script leaves nothing of import.meta.url.
    const cure = "bundle it as an ES module (esbuild: --format=esm)";
    throw failure("not_found", `the script cannot tell where the package's files are; ${cure}`);
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
    const source = given(wasm) ?? (await fetched(() => new URL("./mango_wasm_bg.wasm", import.meta.url)));
    const started = await WebAssembly.instantiate(source, imports);
    // Bytes give both, a compiled module gives its instance alone.
    return (started.instance ?? started).exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => fetched(FILES[name]), Scout);
}

export { init, load, Scout, Gallery, reconcile, version, crashForTest };
