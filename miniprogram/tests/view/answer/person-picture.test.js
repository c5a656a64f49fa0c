// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { personSheet } = require("../../../view/result/person-picture.js");
const { byPhone, contextOf, predictionOf, scanOf } = require("../world/world.js");

/** @type {HeatMap} */
const MAP = { width: 1, height: 1, values: [1], view: { left: 0.1, top: 0, width: 0.8, height: 1 } };
const UNSURE = predictionOf("unsure", [["anthracnose", 0.46], ["die_back", 0.31]], { heatmap: MAP, part: "leaf" });

/** @param {Scan} scan @param {Partial<ViewContext>} [context] @param {Prediction} [seen] */
function shownOf(scan, context, seen) {
  const { parts } = personSheet(scan, { photo: "p.jpg", seen }, contextOf(context));
  const figures = parts.filter((part) => part.kind === "figure");
  return { figures, words: parts.map((part) => (part.kind === "text" ? part.text : "")).filter(Boolean).join("\n") };
}

test("a person sees the photo, where the answer was seen, the answer, when it was taken and what the grower chose", () => {
  const { figures, words } = shownOf(byPhone(UNSURE, { choice: "bacterial_canker" }));
  assert.deepEqual(figures.map(({ photo, overlay }) => [photo, overlay && overlay.view]), [["p.jpg", undefined], ["p.jpg", MAP.view]]);
  assert.doesNotMatch(words, /也可能是：炭疽病/);
  for (const text of ["炭疽病", "Colletotrichum", "46%", "回枯病 31%", "你看是：细菌性黑斑病", "2023-11-1", "手机识别", "仅供参考"]) assert.ok(words.includes(text), `${text}\n${words}`);
});

test("it is in English too, and in no language is there a place or a key", () => {
  for (const language of /** @type {const} */ (["zh", "en"])) {
    const { words } = shownOf(byPhone(UNSURE), { language });
    assert.doesNotMatch(words, /undefined|null|person\.|card\.|scans\/|wxfile|000001700000000/);
  }
  assert.match(shownOf(byPhone(UNSURE), { language: "en" }).words, /Anthracnose/);
});

test("of photos classified together there is a heat map only where the phone was asked about the chosen one", () => {
  const pooled = byPhone({ ...UNSURE, heatmap: undefined }, { count: 2, photos: ["0.jpg", "1.jpg"] });
  assert.equal(shownOf(pooled).figures.length, 1);
  assert.equal(shownOf(pooled, {}, UNSURE).figures.length, 2);
});

test("what has no answer, or is no mango leaf, can be asked about all the same", () => {
  assert.match(shownOf(scanOf({ state: "refused" })).words, /识别不了/);
  const { figures, words } = shownOf(byPhone({ ...UNSURE, verdict: "not_mango_leaf" }));
  assert.equal(figures.length, 1);
  assert.match(words, /不像芒果/);
});
