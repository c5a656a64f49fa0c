import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { brotliDecompressSync } from "node:zlib";

import { assertNative, here, leafPath } from "./installed.js";

const FOLDER = "pkg-miniprogram";
const MODULE = "engine/mango.wasm.br";

/** Suffixes that WeChat's packer keeps; it drops other files without a word. */
const PACKED = /\.(wxml|wxss|wxs|png|jpe?g|gif|svg|js|json|cer|mp3|aac|m4a|mp4|wav|ogg|silk|wasm|br|cur|ico|skel|crt|cert)$/;

const file = (name) => readFileSync(here(`${FOLDER}/${name}`));

/** As WeChat's readCompressedFile gives it. */
function unpacked(name) {
  const bytes = brotliDecompressSync(file(name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/**
 * A worker of the mini-program: the language, `WXWebAssembly`, and no more. A new realm has WebAssembly of its own, which
 * a phone has not.
 */
function worker() {
  const WXWebAssembly = {
    async instantiate(path, imports) {
      assert.equal(path, MODULE, "only a path in the code package is taken");
      const module = new WebAssembly.Module(unpacked("mango.wasm.br"));
      const globals = WebAssembly.Module.exports(module).filter(({ kind }) => kind === "global");
      assert.deepEqual(globals, [], "iOS refuses exported globals");
      return { instance: new WebAssembly.Instance(module, imports) };
    },
  };
  const context = createContext({ WXWebAssembly, module: { exports: {} } });
  runInContext("delete globalThis.WebAssembly; delete globalThis.FinalizationRegistry; var exports = module.exports;", context);
  const hidden = ["TextDecoder", "TextEncoder", "WebAssembly", "fetch", "URL", "window", "document", "navigator", "performance", "process", "require", "FinalizationRegistry"];
  for (const name of hidden) assert.equal(runInContext(`typeof ${name}`, context), "undefined", name);
  runInContext(file("scout.js").toString(), context);
  return runInContext("module.exports", context);
}

const manifest = () => unpacked("leaf-mini.json.br");

test("on a phone's bare engine it gives the native build's answer", async () => {
  const { Scout, init, version } = worker();
  await init(MODULE);
  const scout = new Scout(manifest(), unpacked("leaf-mini.br"), unpacked("mango-pests.br"));
  scout.useCatalog(unpacked("catalog.json.br"));
  assertNative(JSON.parse(JSON.stringify(scout.predict(readFileSync(leafPath), { explain: true }))));
  assert.match(version(), /^\d+\.\d+\.\d+\+/);
});

test("text of every alphabet gets through its own codec", async () => {
  const { Gallery, Scout, init } = worker();
  await init(MODULE);
  const scout = new Scout(manifest(), unpacked("leaf-mini.br"));
  const gallery = scout.newGallery();
  gallery.add("red_spider_mite", scout.embed(readFileSync(leafPath)));
  gallery.label("red_spider_mite", "红蜘蛛 🕷 ácaro");
  assert.equal(Gallery.parse(gallery.serialize()).classes[0].label, "红蜘蛛 🕷 ácaro");
});

test("a crash there is a code too, and a fresh copy works", async () => {
  const { Scout, crashForTest, init } = worker();
  await init(MODULE);
  assert.throws(() => crashForTest("a bug"), (error) => error.code === "panic" && /a bug/.test(error.message));
  assert.throws(() => new Scout(manifest(), unpacked("leaf-mini.br")), (error) => error.code === "needs_restart");
  await init(MODULE);
  assert.equal(new Scout(manifest(), unpacked("leaf-mini.br")).modelName, "leaf-mini");
});

test("a path that is not in the package is an error that can be caught", async () => {
  const { init } = worker();
  await assert.rejects(init("https://example.com/mango.wasm"), (error) => error.code === "cannot_start");
});

test("WeChat's packer keeps every file", () => {
  for (const name of readdirSync(here(FOLDER))) assert.match(name, PACKED);
});
