import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How far numbers of two builds' answers may be apart. */
const TOLERANCE = 1e-3;

/** Where the native build wrote its answers; `cargo xtask` says it by MANGO_PARITY. */
export const PARITY = process.env.MANGO_PARITY ?? ".";

/**
 * The parity photos with the native build's answers.
 * @returns {{ name: string, file: string, answer: object }[]} `file` is relative to PARITY
 */
export const nativeAnswers = () => JSON.parse(readFileSync(join(PARITY, "answers.json"), "utf8"));

/**
 * Compares two answers: equal, with numbers within 0.001. The order of nearly equal classes may differ.
 */
export function assertSame(found, expected, name) {
  assertNear(byId(found), byId(expected), name);
  const places = new Map(found.classes.map(({ id }, place) => [id, place]));
  expected.classes.forEach((before, place) => {
    for (const after of expected.classes.slice(place + 1)) {
      if (before.probability - after.probability <= 2 * TOLERANCE) continue;
      assert.ok(places.get(before.id) < places.get(after.id), `${name}: ${after.id} comes before ${before.id}`);
    }
  });
}

function byId({ classes, ...rest }) {
  return { ...rest, classes: Object.fromEntries(classes.map((entry) => [entry.id, entry])) };
}

function assertNear(found, expected, path) {
  if (typeof expected === "number") {
    assert.ok(Math.abs(found - expected) <= TOLERANCE, `${path}: ${found} is not ${expected}`);
  } else if (typeof expected === "object" && expected !== null) {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), path);
    for (const key of Object.keys(expected)) assertNear(found[key], expected[key], `${path}.${key}`);
  } else {
    assert.equal(found, expected, path);
  }
}
