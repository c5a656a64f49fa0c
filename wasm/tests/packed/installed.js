import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PARITY, assertSame } from "../engines/answers.js";

/** A path relative to `wasm/`. */
export const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Installs the package from `npm pack` into a folder.
 * @param {string} folder
 * @returns {string} the package's own folder
 */
export function unpackInto(folder) {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: here("pkg"), encoding: "utf8" });
  const package_ = join(folder, "node_modules/mango-scout");
  mkdirSync(package_, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, packed.trim()), "-C", package_, "--strip-components=1"]);
  return package_;
}

/**
 * A folder with the package installed.
 *
 * @param {import("node:test").TestContext} t removes the folder when it ends
 */
export function project(t) {
  const folder = mkdtempSync(join(tmpdir(), "mango-scout-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  unpackInto(folder);
  return folder;
}

/** A README's example in that language. */
export function example(language, file = "README.md") {
  const readme = readFileSync(here(file), "utf8");
  const [, code] = readme.match(new RegExp("^```" + language + "\\n(.*?)^```", "ms"));
  return code;
}

/** A photo, and the native build's answer to it with a heat map. */
export const leafPath = join(PARITY, "leaf.jpg");
export const nativeAnswer = () => JSON.parse(readFileSync(join(PARITY, "leaf.json"), "utf8"));

/** Compares an answer with the native one. */
export function assertNative(answer) {
  assertSame(answer, nativeAnswer(), "answer");
}
