"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { createContext, runInContext, compileFunction } = require("node:vm");
const { parentPort, workerData } = require("node:worker_threads");
const { brotliDecompressSync } = require("node:zlib");

const { packMessage } = require("../../harness/runtime/sandbox/pack.js");

// A worker of the mini-program: the language, `worker`, `WXWebAssembly`, `require` within the folder, and no more.

const { root, wasm } = workerData;

/** A new realm has WebAssembly of its own, which a phone has not. */
const HIDDEN = ["WebAssembly", "FinalizationRegistry", "SharedArrayBuffer", "Atomics"];
const ABSENT = ["TextDecoder", "TextEncoder", "fetch", "URL", "window", "document", "navigator", "performance", "process", "require", "setTimeout", "wx"];

const WXWebAssembly = {
  async instantiate(file, imports) {
    if (typeof file !== "string" || !/^(model|scalar)\/[a-z.]+\.wasm\.br$/.test(file)) throw new TypeError(`${file} is no path in the code package`);
    if (wasm === "missing") throw new Error(`file not found: ${file}`);
    // JavaScriptCore's words without a compiler; the file that names them is the one with SIMD.
    if (wasm === "no_simd" && file.startsWith("model/")) throw new SyntaxError("WebAssembly.Module doesn't parse at byte 15: can't get 0th Type's return value");
    const bytes = wasm === "broken" ? new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 9]) : brotliDecompressSync(readFileSync(path.join(root, file)));
    const module = new WebAssembly.Module(bytes);
    const globals = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "global");
    if (globals.length > 0) throw new Error("iOS refuses exported Globals");
    return { instance: new WebAssembly.Instance(module, imports) };
  },
};

const worker = {
  onMessage: (listener) => parentPort.on("message", listener),
  postMessage: (message) => parentPort.postMessage(packMessage(message)),
};

const context = createContext({ WXWebAssembly, worker });
for (const name of HIDDEN) runInContext(`delete globalThis.${name}`, context);
for (const name of HIDDEN.concat(ABSENT)) {
  if (runInContext(`typeof ${name}`, context) !== "undefined") throw new Error(`${name} is not there on a phone`);
}

const loaded = new Map();

/** @param {string} file below the worker's folder */
function load(file) {
  if (!file.startsWith(path.join(root, "worker") + path.sep)) throw new Error(`${file} is not packed into the worker`);
  if (!loaded.has(file)) {
    const module = { exports: {} };
    loaded.set(file, module);
    const run = compileFunction(readFileSync(file, "utf8"), ["require", "module", "exports"], { parsingContext: context, filename: file });
    run((name) => load(path.join(path.dirname(file), name)), module, module.exports);
  }
  return loaded.get(file).exports;
}

// The product's worker has no way to crash that is known.
const { actions } = load(path.join(root, "worker", "actions.js"));
actions.crash = () => load(path.join(root, "worker", "scout.js")).crashForTest("asked for by a test");

load(path.join(root, "worker", "index.js"));
