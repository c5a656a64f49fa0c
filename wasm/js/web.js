import { failure } from "./failure.js";
import { given, inlined, notAPage } from "./file.js";
import { loadModel } from "./model.js";
import { createPackage } from "./package.js";

const { start, Scout, Gallery, reconcile, version, crashForTest } = createPackage({ TextDecoder, TextEncoder });

/** @param {() => URL} locate written out at each use, so that bundlers detect the package's files */
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
    // A bundler that makes a classic script removes import.meta.url.
    const hint = "bundle it as an ES module (esbuild: --format=esm)";
    throw failure("not_found", `the location of the package's files is unknown; ${hint}`);
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
    // For bytes the result is a module and an instance, for a compiled module only an instance.
    return (started.instance ?? started).exports;
  });
}

async function load() {
  await init();
  return loadModel((name) => fetched(FILES[name]), Scout);
}

export { init, load, Scout, Gallery, reconcile, version, crashForTest };
