import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliDecompressSync } from "node:zlib";

import { PARITY, assertSame, nativeAnswers } from "../engines/answers.js";
import { WITHOUT_JIT, runJsc } from "../engines/jsc.js";
import { here } from "./installed.js";

/** Photos whose decoding takes the shell without a compiler a second at most. */
const SMALL = ["jpeg, EXIF orientation 6", "png, EXIF orientation 1", "webp, EXIF orientation 3", "jpeg, 640 x 480", "grey jpeg"];

test("the module without SIMD gives the native build's answer to every photo", async (t) => {
  const { init, Scout } = await import(`../../pkg/node.js?scalar`);
  const unpacked = (name) => brotliDecompressSync(readFileSync(here(`pkg-miniprogram/${name}.br`)));
  await init(await WebAssembly.compile(unpacked("scalar/mango.wasm")));
  const scout = new Scout(unpacked("leaf-mini.json"), unpacked("leaf-mini"), unpacked("mango-pests"));
  scout.useCatalog(unpacked("catalog.json"));
  const answers = nativeAnswers();
  assert.ok(answers.length >= 20, `only ${answers.length} photos`);
  for (const { name, file, answer } of answers) assertSame(scout.predict(readFileSync(join(PARITY, file))), answer, name);
  t.diagnostic(`${answers.length} photos`);
});

test("an engine that refuses SIMD runs the module without it, with the native build's answers", async (t) => {
  const photos = nativeAnswers().filter(({ name }) => SMALL.includes(name));
  assert.equal(photos.length, SMALL.length);
  const { module, refused, start, photos: found } = await runJsc(WITHOUT_JIT, photos, 1);
  assert.deepEqual([module, refused], ["scalar", ["cannot_start"]], "the module with SIMD is refused, the other one runs");
  t.diagnostic(`JavaScriptCore without a compiler: start ${Math.round(start)} ms`);
  photos.forEach(({ name, answer }, index) => {
    assertSame(found[index].answer, answer, name);
    t.diagnostic(`${name}: first ${Math.round(found[index].first)} ms, then ${Math.round(found[index].steady)} ms`);
  });
});

test("an engine with SIMD runs the first module", async () => {
  const [photo] = nativeAnswers();
  const { module, refused, photos } = await runJsc([], [photo], 0);
  assert.deepEqual([module, refused], ["simd", []]);
  assertSame(photos[0].answer, photo.answer, photo.name);
});
