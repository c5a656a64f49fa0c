// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { historyDays, historyRow } = require("../../../view/history/history.js");
const { picturesOf } = require("../../../view/picture/pictures.js");
const { shareMessage } = require("../../../view/result/share.js");
const { isOutgoing } = require("../../../view/answer/waiting.js");
const { byPhone, byRelay, contextOf, predictionOf, scanOf } = require("../world/world.js");

/** @param {Scan | null} scan @param {ViewContext} context */
const shared = (scan, context) => shareMessage(scan, context.t, context);

const SURE = predictionOf("confident", [["anthracnose", 0.963]]);
/** Noon, so that an hour either way is the same day wherever the test runs. */
const NOON = new Date(2024, 2, 1, 12).getTime();
const DAY = 24 * 60 * 60 * 1000;

test("scans are listed by day, today and yesterday by name", () => {
  const scans = [0, 1, 2, 70].map((days) => byPhone(SURE, { takenAt: NOON - days * DAY }));
  scans.splice(1, 0, byPhone(SURE, { takenAt: NOON - 60 * 1000 }));
  const days = historyDays(scans, NOON, contextOf());
  assert.deepEqual(days.map(({ day, rows }) => [day, rows.length]), [["今天", 2], ["昨天", 1], ["2月28日", 1], ["2023年12月22日", 1]]);
  assert.equal(days[0].rows[0].time, "12:00");
});

test("no scans give no days", () => {
  assert.deepEqual(historyDays([], NOON, contextOf()), []);
});

test("a row says what it was, how sure, from where", () => {
  const row = historyRow(byRelay(SURE, { count: 3 }), contextOf());
  assert.deepEqual([row.title, row.percent, row.photos, row.chip.text], ["炭疽病", "96%", "3 张", "联网"]);
  assert.equal(historyRow(byPhone(SURE), contextOf()).chip.text, "手机");
});

test("a row has the part of the tree where the answer says it, and the symptom where that is what is sure", () => {
  const fruit = predictionOf("unsure", [["fruit_alternaria", 0.4]], { part: "fruit", symptom: { probability: 0.97, certain: true } });
  const row = historyRow(byPhone(fruit), contextOf());
  assert.deepEqual([row.title, row.latin, row.percent, row.part], ["有症状", "", "97%", "果实"]);
  assert.deepEqual([historyRow(byPhone(SURE), contextOf()).part, historyRow(scanOf({}), contextOf()).part], ["", ""]);
});

test("a row has the model's answer, and beside it what the grower chose", () => {
  const unsure = predictionOf("unsure", [["gall_midge", 0.4], ["procontarinia_matteiana", 0.3]]);
  const row = historyRow(byPhone(unsure, { choice: "procontarinia_matteiana" }), contextOf());
  assert.deepEqual([row.title, row.percent, row.choice], ["叶瘿蚊", "40%", "你看是：瘤状叶瘿蚊"]);
  assert.equal(historyRow(byPhone(unsure), contextOf()).choice, "");
});

test("a row without an answer says what it waits for", () => {
  const chips = /** @type {const} */ (["predicting", "asking", "waiting", "refused"]).map((state) => historyRow(scanOf({ state }), contextOf()).chip.text);
  assert.deepEqual(chips, ["识别中", "联网核对中", "等着联网", "识别不了"]);
  assert.equal(historyRow(byPhone(SURE, { state: "waiting" }), contextOf()).chip.text, "暂定");
});

test("a row promises to be sent only if it is", () => {
  const chip = (/** @type {Partial<Scan>} */ changes) => historyRow(scanOf({ state: "waiting", ...changes }), contextOf()).chip.text;
  assert.equal(chip({ problem: "offline", phoneProblem: "panic" }), "等着联网");
  assert.equal(chip({ problem: "panic", phoneProblem: "panic" }), "没认出");
  assert.equal(chip({ problem: "upload_declined", held: true }), "没有发送");
});

test("what goes to the relay by itself is counted, and nothing else", () => {
  const outgoing = (/** @type {Partial<Scan>} */ changes) => isOutgoing(scanOf(changes), contextOf());
  assert.deepEqual([outgoing({ state: "asking" }), outgoing({ state: "waiting", problem: "offline" })], [true, true]);
  assert.equal(outgoing({ state: "waiting", held: true, problem: "cancelled" }), false);
  assert.equal(outgoing({ state: "waiting", problem: "panic", phoneProblem: "panic" }), false);
  for (const state of /** @type {const} */ (["predicting", "answered", "refused"])) assert.equal(outgoing({ state }), false);
});

test("the photo stands in until there is a thumbnail", () => {
  const scan = byPhone(SURE);
  assert.equal(historyRow(scan, contextOf()).thumbnail, scan.photos[0]);
  assert.equal(historyRow({ ...scan, thumbnail: "t.jpg" }, contextOf()).thumbnail, "t.jpg");
  assert.equal(historyRow({ ...scan, photos: [] }, contextOf()).thumbnail, null);
});

test("the best pictures there are stand for a scan", () => {
  const scan = scanOf({ photos: ["a", "b"], thumbnail: "t" });
  const from = { originals: new Map([[scan.id, ["o"]]]), url: (/** @type {string} */ path) => `file:${path}` };
  assert.deepEqual(picturesOf(scan, from), ["file:a", "file:b"]);
  assert.deepEqual(picturesOf({ ...scan, photos: [] }, from), ["o"]);
  assert.deepEqual(picturesOf({ ...scan, photos: [] }, { ...from, originals: new Map() }), ["file:t"]);
  assert.deepEqual(picturesOf({ ...scan, photos: [], thumbnail: null }, { ...from, originals: new Map() }), []);
});

test("what is shared is words and the guide's page, never the photo", () => {
  const message = shared(byPhone(SURE), contextOf());
  assert.deepEqual(message, { title: "芒果叶：炭疽病（96%）", path: "/pages/detail/detail?id=anthracnose", imageUrl: "/icons/share.png" });
  for (const scan of [null, scanOf({}), byPhone(predictionOf("not_mango_leaf", []))]) {
    assert.equal(shared(scan, contextOf()).path, "/pages/scan/scan");
    assert.equal(shared(scan, contextOf()).imageUrl, "/icons/share.png");
  }
  assert.equal(shareMessage(byPhone(SURE), contextOf().t, null).path, "/pages/scan/scan", "the catalog is not open yet");
});

test("an answer on fruit is shared as one, a symptom with the guide instead of one class's page", () => {
  const fruit = predictionOf("confident", [["fruit_anthracnose", 0.96]], { part: "fruit" });
  assert.equal(shared(byPhone(fruit), contextOf()).title, "芒果：果实炭疽病（96%）");
  const symptom = predictionOf("unsure", [["anthracnose", 0.4]], { part: "leaf", symptom: { probability: 0.97, certain: true } });
  const { title, path } = shared(byPhone(symptom), contextOf());
  assert.deepEqual([title, path], ["芒果叶：有症状（97%）", "/pages/guide/guide"]);
});

test("a name that the grower typed is in no title that is shared", () => {
  const own = byPhone(predictionOf("confident", [["own_1", 0.9]]));
  const plain = shared(null, contextOf());
  assert.deepEqual(shared(own, contextOf({ taught: [{ id: "own_1", label: "怪虫" }] })), plain);
});
