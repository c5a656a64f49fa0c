"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { PICTURES } = require("../symptoms/pictures.js");
const { APP, files, text } = require("./tree/tree");

/** Bytes of one picture. */
const LARGEST = 3000;

const catalog = JSON.parse(fs.readFileSync(path.join(APP, "..", "models", "catalog.json"), "utf8"));

test("every class has a drawn symptom, and no picture is left over", () => {
  const ids = catalog.classes.map((/** @type {{ id: string }} */ { id }) => id).sort();
  assert.deepEqual(files(/^symptoms\//), ids.map((/** @type {string} */ id) => `symptoms/${id}.svg`));
});

test("the pictures are those that tests/symptoms/draw.js draws", () => {
  for (const [id, picture] of Object.entries(PICTURES)) assert.equal(text(`symptoms/${id}.svg`), picture, `${id}: run node symptoms/draw.js`);
});

test("a picture is small, and has nothing of a photo, a script or another file in it", () => {
  for (const file of files(/^symptoms\//)) {
    const picture = text(file);
    assert.ok(Buffer.byteLength(picture) <= LARGEST, file);
    assert.doesNotMatch(picture, /<(image|script|style|foreignObject|use)|href|data:|undefined|NaN/, file);
  }
});

test("every picture stands on a leaf or on a fruit, as its class's part says", () => {
  const fruits = catalog.classes.filter((/** @type {{ part?: string }} */ { part }) => part === "fruit").map((/** @type {{ id: string }} */ { id }) => id);
  const { FRUIT, LEAF } = require("../symptoms/plate.js");
  for (const [id, picture] of Object.entries(PICTURES)) {
    const on = fruits.includes(id) ? FRUIT : LEAF;
    assert.ok(picture.includes(on), id);
  }
});
