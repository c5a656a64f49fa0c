import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

import { here } from "../packed/installed.js";
import { PARITY } from "./answers.js";

const SCRIPT = fileURLToPath(new URL("./shell/measure.js", import.meta.url));
const PACKAGE = "pkg-miniprogram";
const MODEL = { manifest: "leaf-mini.json", weights: "leaf-mini", gallery: "mango-pests", catalog: "catalog.json" };

/** An engine without a compiler takes no SIMD: JavaScriptCore of an iOS app, or of iOS before 16.4. */
export const WITHOUT_JIT = ["--useJIT=0"];

/**
 * Runs the WeChat package in JavaScriptCore's shell: the module with SIMD first, then the one without.
 * @param {string[]} options options of the shell, such as WITHOUT_JIT
 * @param {{ file: string }[]} photos files relative to PARITY
 * @param {number} rounds after the first prediction of each photo
 * @returns {Promise<{ module: "simd" | "scalar", refused: string[], start: number, photos: { answer: object, first: number, steady: number | null }[] }>}
 */
export async function runJsc(options, photos, rounds) {
  const folder = mkdtempSync(join(tmpdir(), "mango-jsc-"));
  try {
    // Decompressed, as WeChat does.
    const unpacked = (name) => {
      const path = join(folder, name.replace("/", "-"));
      writeFileSync(path, brotliDecompressSync(readFileSync(here(`${PACKAGE}/${name}.br`))));
      return path;
    };
    const modules = ["mango.wasm", "scalar/mango.wasm"].map(unpacked);
    const model = Object.fromEntries(Object.entries(MODEL).map(([part, name]) => [part, unpacked(name)]));
    const job = join(folder, "job.json");
    const files = photos.map(({ file }) => join(PARITY, file));
    writeFileSync(job, JSON.stringify({ script: here(`${PACKAGE}/scout.js`), modules, model, photos: files, rounds }));
    const { stdout } = await promisify(execFile)("jsc", [...options, SCRIPT, "--", job], { maxBuffer: 1 << 28 });
    const result = JSON.parse(stdout);
    return { ...result, module: result.module === modules[0] ? "simd" : "scalar" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
