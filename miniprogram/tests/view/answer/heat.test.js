// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { heatOf } = require("../../../view/result/heat.js");
const { byPhone, contextOf, predictionOf, scanOf } = require("../world/world.js");

/** @type {HeatMap} */
const heatmap = { width: 1, height: 1, values: [1], view: { left: 0, top: 0, width: 1, height: 1 } };
const SURE = predictionOf("confident", [["anthracnose", 0.96]], { heatmap });
const GROUP = predictionOf("unsure", [["gall_midge", 0.3]], { heatmap, guild: { id: "scales", probability: 0.8 } });

test("a photo that stands for itself has the map of its answer, also of a group", () => {
  for (const prediction of [SURE, GROUP]) {
    const { overlay, explainable, heatHint } = heatOf(byPhone(prediction), ["a"], undefined, contextOf());
    assert.ok(overlay && heatHint);
    assert.equal(explainable, false);
  }
});

test("there is none without a leaf, a photo, a map or an answer", () => {
  const none = { overlay: null, explainable: false, heatHint: "" };
  assert.deepEqual(heatOf(byPhone({ ...SURE, verdict: "not_mango_leaf" }), ["a"], undefined, contextOf()), none);
  assert.deepEqual(heatOf(byPhone(SURE), [], undefined, contextOf()), none);
  assert.deepEqual(heatOf(byPhone(predictionOf("confident", [["anthracnose", 0.9]])), ["a"], undefined, contextOf()), none);
  assert.deepEqual(heatOf(scanOf({ state: "waiting" }), ["a"], undefined, contextOf()), none);
});

test("of photos classified together the chosen one is explained on demand, by what the phone sees in it", () => {
  const pooled = byPhone(predictionOf("confident", [["anthracnose", 0.96]]), { count: 2 });
  const before = heatOf(pooled, ["a", "b"], undefined, contextOf());
  assert.deepEqual([before.overlay, before.explainable], [null, true]);
  const seen = heatOf(pooled, ["a", "b"], predictionOf("unsure", [["powdery_mildew", 0.5]], { heatmap }), contextOf());
  assert.ok(seen.overlay);
  assert.match(seen.heatHint, /白粉病/);
  const unlike = heatOf(pooled, ["a", "b"], predictionOf("not_mango_leaf", [], { heatmap }), contextOf());
  assert.equal(unlike.overlay, null);
  assert.match(unlike.heatHint, /不像芒果叶/);
  assert.equal(heatOf(pooled, ["thumbnail"], undefined, contextOf()).explainable, false);
});
