"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { parsePrediction, parseShown } = require("../../../scanner/answer/prediction.js");

const whole = {
  model: { name: "leaf-lite0", version: "0.2.0" },
  verdict: "unsure",
  out_of_domain: 0.83,
  classes: [
    { id: "anthracnose", probability: 0.97, basis: "trained" },
    { id: "orthaga_euadrusalis", probability: 0.02, basis: "few_photos", photos: 5 },
  ],
  guild: { id: "gall_midges", probability: 0.93 },
  part: "leaf",
  symptom: { probability: 0.97, certain: true },
  heatmap: { width: 2, height: 1, values: [0, 1], view: { left: 0.125, top: 0, width: 0.75, height: 1 } },
};

test("a whole answer comes through whole", () => assert.deepEqual(parsePrediction(whole), whole));

test("a prediction without a required part is null", () => {
  for (const part of ["model", "verdict", "classes"]) assert.equal(parsePrediction({ ...whole, [part]: undefined }), null, part);
  assert.equal(parsePrediction({ ...whole, classes: [] }), null);
  assert.equal(parsePrediction({ ...whole, classes: [{ id: "a", probability: 2, basis: "trained" }] }), null);
  assert.equal(parsePrediction({ ...whole, classes: [{ id: "a", probability: 0.5, basis: "rumour" }] }), null);
});

test("a map that does not fit is left out", () => {
  const map = parsePrediction({ ...whole, heatmap: { ...whole.heatmap, values: [0] } });
  assert.ok(map && !("heatmap" in map));
});

test("a part that is unknown and a symptom without its certainty are left out", () => {
  const parsed = parsePrediction({ ...whole, part: "root", symptom: { probability: 0.5 } });
  assert.ok(parsed && !("part" in parsed) && !("symptom" in parsed));
});

test("whatever comes is an answer or none, and never an exception", () => {
  const near = fc.record({ model: fc.anything(), verdict: fc.anything(), classes: fc.anything(), heatmap: fc.anything() });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), near, fc.constant(whole)), (value) => {
      const parsed = parsePrediction(value);
      if (parsed) assert.deepEqual(parsePrediction(JSON.parse(JSON.stringify(parsed))), parsed);
      parseShown({ source: "relay", prediction: value, orchard: value });
    }),
  );
});
