// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { csv } = require("../../../view/history/csv.js");
const { byPhone, byRelay, contextOf, predictionOf, scanOf } = require("../world/world.js");

const SURE = predictionOf("confident", [["anthracnose", 0.98765]]);
const TAKEN = new Date(2026, 4, 1, 8, 5).getTime();

/** @param {Scan[]} scans @param {Partial<ViewContext>} [changes] */
const lines = (scans, changes) => csv(scans.map((scan) => ({ ...scan, takenAt: TAKEN })), contextOf(changes)).split("\r\n");

test("a row says when, what, how sure, and by whom, in words", () => {
  const [, row, end] = lines([byPhone(SURE, { count: 2 })]);
  assert.equal(row, "2026-05-01 08:05,有结果,手机,确定,炭疽病,Colletotrichum gloeosporioides,,0.988,2,leaf-mini 0.1.0,,");
  assert.equal(end, "");
  assert.match(lines([byRelay(SURE)], { language: "en" })[1], /,Answered,Online,Sure,Anthracnose,/);
});

test("a photo without a leaf has no class, and a group has the group's name", () => {
  const [, not, group] = lines([
    byPhone(predictionOf("not_mango_leaf", [["healthy", 0.4]])),
    byPhone({ ...predictionOf("unsure", [["gall_midge", 0.3]]), guild: { id: "scales", probability: 0.81 } }),
  ]);
  assert.match(not, /,不像芒果叶,不像芒果叶,,,,1,/);
  assert.match(group, /,不太确定,介壳虫,,,0\.810,/);
});

test("a row has the part of the tree, and the symptom where that is what is sure", () => {
  const fruit = predictionOf("unsure", [["fruit_alternaria", 0.4]], { part: "fruit", symptom: { probability: 0.97, certain: true } });
  assert.match(lines([byPhone(fruit)])[1], /,不太确定,有症状,,果实,0\.970,1,/);
  assert.match(lines([byPhone(fruit)], { language: "en" })[1], /,Not sure,Some symptom,,Fruit,0\.970,1,/);
});

test("what the grower chose has a column of its own, beside the model's answer", () => {
  const unsure = predictionOf("unsure", [["gall_midge", 0.4], ["procontarinia_matteiana", 0.3]]);
  assert.match(lines([byPhone(unsure, { choice: "procontarinia_matteiana" })])[1], /,叶瘿蚊,.*,leaf-mini 0\.1\.0,瘤状叶瘿蚊,$/);
});

test("a scan without an answer has its state", () => {
  const [, waits, stuck] = lines([
    scanOf({ state: "waiting", problem: "offline" }), scanOf({ state: "waiting", problem: "panic", phoneProblem: "panic" }),
  ]);
  assert.match(waits, /,等着联网,,,,,,,1,,,没有网络$/);
  assert.match(stuck, /,没认出,,,,,,,1,,,模型出错了/);
});

test("it begins with a byte order mark, and every row is as long as the head", () => {
  for (const language of /** @type {const} */ (["zh", "en"])) {
    const [head, ...rows] = lines([byPhone(SURE), scanOf({ state: "refused" })], { language });
    assert.equal(head.charCodeAt(0), 0xfeff);
    for (const row of rows.slice(0, 2)) assert.equal(row.split(",").length, head.split(",").length);
  }
});

test("commas, quotes and line breaks stay within their cell, and a label is no formula", () => {
  const own = (/** @type {string} */ label) =>
    lines([byPhone(predictionOf("confident", [["own_1", 0.9]]))], { taught: [{ id: "own_1", label }] })[1];
  assert.ok(own('a "big", red\none').includes(',"a ""big"", red\none",'));
  assert.ok(own("=1+1").includes(",'=1+1,"));
});
