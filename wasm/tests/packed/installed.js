import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Path below `wasm/`. */
export const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * A folder into which the package was installed as `npm pack` leaves it.
 *
 * @param {import("node:test").TestContext} t removes the folder when it ends
 */
export function project(t) {
  const folder = mkdtempSync(join(tmpdir(), "mango-scout-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: here("pkg"), encoding: "utf8" });
  const package_ = join(folder, "node_modules/mango-scout");
  mkdirSync(package_, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, packed.trim()), "-C", package_, "--strip-components=1"]);
  return folder;
}

/** A README's example in a language. */
export function example(language, file = "README.md") {
  const readme = readFileSync(here(file), "utf8");
  const [, code] = readme.match(new RegExp("^```" + language + "\\n(.*?)^```", "ms"));
  return code;
}

/** What the native build wrote: a photo, and its answer to it. `cargo xtask test` says where by MANGO_PARITY. */
export const leafPath = join(process.env.MANGO_PARITY ?? ".", "leaf.jpg");
export const nativeAnswer = () => JSON.parse(readFileSync(join(process.env.MANGO_PARITY ?? ".", "leaf.json"), "utf8"));

/** Holds an answer to the native one: the same classes and verdict, every number within a thousandth. */
export function assertNative(answer) {
  const native = nativeAnswer();
  assert.deepEqual(answer.model, native.model);
  assert.equal(answer.verdict, native.verdict);
  assert.ok(Math.abs(answer.out_of_domain - native.out_of_domain) < 1e-2);
  assert.equal(answer.classes[0].id, native.classes[0].id);
  const probabilities = (from) => Object.fromEntries(from.classes.map(({ id, probability }) => [id, probability]));
  const [found, expected] = [answer, native].map(probabilities);
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const id of Object.keys(expected)) assert.ok(Math.abs(found[id] - expected[id]) < 1e-3, id);
}
