import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { brotliDecompressSync } from "node:zlib";

import { assertNative, here, leafPath } from "./installed.js";

const FOLDER = "pkg-miniprogram";
const MODULE = "engine/mango.wasm.br";

/** Suffixes that WeChat's packer keeps; it drops other files without a warning. */
const PACKED = /\.(wxml|wxss|wxs|png|jpe?g|gif|svg|js|json|cer|mp3|aac|m4a|mp4|wav|ogg|silk|wasm|br|cur|ico|skel|crt|cert)$/;

const file = (name) => readFileSync(here(`${FOLDER}/${name}`));

/** The file as WeChat's readCompressedFile returns it. */
function unpacked(name) {
  const bytes = brotliDecompressSync(file(name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/**
 * A worker of the mini-program: only the language and `WXWebAssembly`. A new realm has its own WebAssembly, which phones do
 * not have.
 */
function worker() {
  const WXWebAssembly = {
    async instantiate(path, imports) {
      assert.equal(path, MODULE, "only a path in the code package is accepted");
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

test("on a phone's engine it gives the native build's answer", async () => {
  const { Scout, init, version } = worker();
  await init(MODULE);
  const scout = new Scout(manifest(), unpacked("leaf-mini.br"), unpacked("mango-pests.br"));
  scout.useCatalog(unpacked("catalog.json.br"));
  assertNative(JSON.parse(JSON.stringify(scout.predict(readFileSync(leafPath), { explain: true }))));
  assert.match(version(), /^\d+\.\d+\.\d+\+/);
});

test("non-ASCII text passes through the package's own codec", async () => {
  const { Gallery, Scout, init } = worker();
  await init(MODULE);
  const scout = new Scout(manifest(), unpacked("leaf-mini.br"));
  const gallery = scout.newGallery();
  gallery.add("red_spider_mite", scout.embed(readFileSync(leafPath)));
  gallery.label("red_spider_mite", "红蜘蛛 🕷 ácaro");
  assert.equal(Gallery.parse(gallery.serialize()).classes[0].label, "红蜘蛛 🕷 ácaro");
});

test("a crash has a code on a phone too, and a new instance works", async () => {
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
  const entries = readdirSync(here(FOLDER), { recursive: true, withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isFile())) assert.match(name, PACKED);
});
