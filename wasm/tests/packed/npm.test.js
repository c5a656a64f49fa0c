import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { assertNative, example, here, leafPath, nativeAnswer, project } from "./installed.js";

const run = (folder, file) => execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });

test("the README's example for Node runs unchanged", (t) => {
  assert.equal(example("js"), example("js", "npm/README.md"), "both READMEs have the same");
  const folder = project(t);
  copyFileSync(leafPath, join(folder, "leaf.jpg"));
  writeFileSync(join(folder, "example.mjs"), example("js"));
  const { verdict, classes } = nativeAnswer();
  assert.equal(run(folder, "example.mjs").trim(), `${verdict} ${classes[0].id} ${classes[0].probability.toFixed(2)}`);
});

for (const [kind, file, code] of [
  ["ES module", "use.mjs", `import { readFileSync } from "node:fs"; import { load } from "mango-scout";`],
  ["CommonJS", "use.cjs", `const { readFileSync } = require("node:fs"); const { load } = require("mango-scout");`],
]) {
  test(`as ${kind} it gives the native build's answer`, (t) => {
    const folder = project(t);
    writeFileSync(
      join(folder, file),
      `${code} load().then((scout) => console.log(JSON.stringify(scout.predict(readFileSync(${JSON.stringify(leafPath)}), { explain: true }))));`,
    );
    const answer = JSON.parse(run(folder, file));
    assertNative(answer);
    assert.equal(answer.heatmap.values.length, answer.heatmap.width * answer.heatmap.height);
  });
}

test("reconcile shows the relay's answer unless the phone is confident of a taught class", (t) => {
  const folder = project(t);
  // A JSON round trip, since JSON has no -0.
  const answer = JSON.parse(JSON.stringify(nativeAnswer()));
  const [first, second] = answer.classes;
  const sure = { ...answer, verdict: "confident" };
  const unsure = { ...answer, verdict: "unsure" };
  const relay = { ...answer, classes: [...answer.classes].reverse() };
  const cases = [
    [[unsure, null, [first.id]], { source: "phone", prediction: unsure }],
    [[sure, relay, [first.id]], { source: "phone", prediction: sure }],
    [[sure, relay, []], { source: "relay", prediction: relay }],
    [[unsure, relay, [second.id]], { source: "relay", prediction: relay, orchard: second }],
    [[unsure, unsure, [first.id]], { source: "relay", prediction: unsure }],
  ];
  writeFileSync(join(folder, "cases.json"), JSON.stringify(cases.map(([given]) => given)));
  writeFileSync(
    join(folder, "use.mjs"),
    `import { readFileSync } from "node:fs";
    import { init, reconcile } from "mango-scout";
    await init();
    const cases = JSON.parse(readFileSync("cases.json", "utf8"));
    const [phone] = cases[0];
    const ring = {};
    ring.ring = ring;
    const code = (...given) => {
      try {
        return reconcile(...given);
      } catch (error) {
        return error.code;
      }
    };
    const bad = [undefined, null, "healthy", {}, [], ring, { ...phone, verdict: "perhaps" }];
    const refused = [
      ...bad.map((answer) => code(answer, null, [])),
      ...bad.slice(2).map((answer) => code(phone, answer, [])),
      ...[undefined, "mite", [3], ["Not An Id"]].map((taught) => code(phone, null, taught)),
    ];
    console.log(JSON.stringify({ shown: cases.map((given) => reconcile(...given)), without: reconcile(phone, undefined, []), refused }));`,
  );
  const { shown, without, refused } = JSON.parse(run(folder, "use.mjs"));
  assert.deepEqual(shown, cases.map(([, expected]) => expected));
  assert.deepEqual(without, { source: "phone", prediction: unsure });
  assert.deepEqual(refused, Array(16).fill("bad_argument"));
});

test("the type definitions match the package", (t) => {
  const folder = project(t);
  writeFileSync(
    join(folder, "use.mts"),
    `import { init, load, reconcile, version, Gallery, Scout, type Prediction, type ScoutError, type Shown } from "mango-scout";
    await init();
    const scout: Scout = await load();
    const answer: Prediction = scout.predict(new Uint8Array(), { explain: true });
    const first: "trained" | "few_photos" = answer.classes[0].basis;
    const shown: Shown = reconcile(answer, undefined, ["red_spider_mite"]);
    const source: "phone" | "relay" = shown.source;
    const gallery: Gallery = scout.newGallery();
    gallery.add("a", scout.embed(new ArrayBuffer(3)));
    scout.useGalleries([gallery.serialize()]);
    const failed = (error: unknown) => (error as ScoutError).code === "panic";
    // @ts-expect-error a gallery takes embedded photos only
    gallery.add("a", new Uint8Array());
    // @ts-expect-error a photo is bytes
    scout.predict("leaf.jpg");
    // @ts-expect-error a class's id is text
    reconcile(answer, answer, [3]);
    void [version(), first, failed, source, shown.orchard?.probability];`,
  );
  writeFileSync(
    join(folder, "use.cts"),
    `import { load, type ScoutError } from "mango-scout";
    load().then((scout) => scout.predict(new Uint8Array())).catch((error: ScoutError) => error.code === "photo_empty");`,
  );
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022"];
  try {
    execFileSync(here("node_modules/.bin/tsc"), [...options, "use.mts", "use.cts"], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout || String(error));
  }
});

test("the package has exactly the files that it needs", (t) => {
  const package_ = join(project(t), "node_modules/mango-scout");
  assert.deepEqual(readdirSync(package_).sort(), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "index.d.cts",
    "index.d.ts",
    "index.js",
    "mango_wasm_bg.wasm",
    "model",
    "node.cjs",
    "node.js",
    "package.json",
  ]);
});
