import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { here } from "../packed/installed.js";
import { assertSame, nativeAnswers } from "./answers.js";
import { BROWSERS, inBrowser } from "./browsers.js";
import { WITHOUT_JIT, runJsc } from "./jsc.js";
import { drawnLeaf, walk } from "./mini-program.js";
import { inNode, inPage } from "./package.js";

/** Photos that are timed, by their names among the parity photos. */
const TIMED = ["jpeg, 640 x 480", "jpeg, 2999 x 2001", "jpeg, 12 megapixels"];

const ROUNDS = 5;

/** Pictures of the mini-program in each browser. */
const PICTURES = here("../miniprogram/tests/output/engines");

const photos = nativeAnswers();
const timed = TIMED.map((name) => photos.find((photo) => photo.name === name));
const job = { all: photos.map(({ file }) => file), timed: timed.map(({ file }) => file), rounds: ROUNDS };

/** @type {{ name: string, start: number, first: number, steady: (number | null)[] }[]} */
const rows = [];

/** @type {Awaited<ReturnType<typeof inNode>>} */
let node;

/** @type {ReturnType<typeof drawnLeaf>} */
let leaf;

before(async () => {
  node = await inNode(job);
  rows.push({ name: "Node", ...node });
  const { load } = await import(`${here("pkg/node.js")}?leaf`);
  const scout = await load();
  leaf = drawnLeaf((photo) => scout.predict(photo));
});

test("Node gives the native build's answers", () => {
  photos.forEach(({ name, answer }, index) => assertSame(node.answers[index], answer, name));
});

for (const engine of BROWSERS) {
  test(`${engine.name} gives Node's answers, in a worker and in a page`, async () => {
    const { worker, page } = await inBrowser(engine, (session) => inPage(session, job));
    rows.push({ name: engine.name, ...worker });
    photos.forEach(({ name }, index) => assertSame(worker.answers[index], node.answers[index], name));
    assertSame(worker.explained, node.explained, "the heat map, in a worker");
    assertSame(page.explained, node.explained, "the heat map, in a page");
    assertSame(page.answers[0], node.answers[0], `${photos[0].name}, in a page`);
  });

  test(`${engine.name} runs the mini-program: scan, answer, heat map, teaching`, async () => {
    const pictures = join(PICTURES, engine.name.toLowerCase());
    mkdirSync(pictures, { recursive: true });
    await inBrowser(engine, (session) => walk(session, leaf, pictures));
  });
}

for (const [name, options, module] of [
  ["JavaScriptCore's shell", [], "simd"],
  ["its interpreter alone, module without SIMD", WITHOUT_JIT, "scalar"],
]) {
  test(`${name} gives Node's answers`, async () => {
    // The timed photos are enough for an interpreter; scalar.test.js tests all photos in Node.
    const found = await runJsc(options, timed.slice(0, 2), 1);
    assert.equal(found.module, module);
    found.photos.forEach(({ answer }, index) => assertSame(answer, node.answers[photos.indexOf(timed[index])], timed[index].name));
    rows.push({ name, start: found.start, first: found.photos[0].first, steady: found.photos.map(({ steady }) => steady) });
  });
}

after(() => {
  const cells = (name, ...values) => `${name.padEnd(46)}${values.map((value) => String(value).padStart(10)).join("")}`;
  const number = (value) => (value === null || value === undefined ? "-" : value.toFixed(0));
  console.log("\nleaf-mini, wall-clock milliseconds; steady is the fastest of the rounds");
  console.log(cells("", "start", "first", "0.3 MP", "6 MP", "12 MP"));
  for (const { name, start, first, steady } of rows) {
    console.log(cells(name, number(start), number(first), ...[0, 1, 2].map((index) => number(steady[index]))));
  }
});
