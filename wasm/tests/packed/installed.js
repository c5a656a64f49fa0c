import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A path relative to `wasm/`. */
export const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * A folder with the package installed from `npm pack`.
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

/** A README's example in that language. */
export function example(language, file = "README.md") {
  const readme = readFileSync(here(file), "utf8");
  const [, code] = readme.match(new RegExp("^```" + language + "\\n(.*?)^```", "ms"));
  return code;
}

/** A photo and the native build's answer to it, in the folder MANGO_PARITY, which `cargo xtask test` sets. */
export const leafPath = join(process.env.MANGO_PARITY ?? ".", "leaf.jpg");
export const nativeAnswer = () => JSON.parse(readFileSync(join(process.env.MANGO_PARITY ?? ".", "leaf.json"), "utf8"));

/** Compares an answer with the native one: equal, with numbers within 0.001. */
export function assertNative(answer) {
  assertNear(byId(answer), byId(nativeAnswer()), "answer");
}

/** With the classes by id: the order of two nearly equal ones may differ. */
function byId({ classes, ...rest }) {
  return { ...rest, first: classes[0].id, classes: Object.fromEntries(classes.map((entry) => [entry.id, entry])) };
}

function assertNear(found, expected, path) {
  if (typeof expected === "number") {
    assert.ok(Math.abs(found - expected) <= 1e-3, `${path}: ${found} is not ${expected}`);
  } else if (typeof expected === "object" && expected !== null) {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), path);
    for (const key of Object.keys(expected)) assertNear(found[key], expected[key], `${path}.${key}`);
  } else {
    assert.equal(found, expected, path);
  }
}
