// @ts-check
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { describe, test } = require("node:test");
const { answerCard } = require("../../../view/answer/answer.js");
const { detailPage } = require("../../../view/guide/detail.js");
const { guideGroups } = require("../../../view/guide/guide.js");
const { shareMessage } = require("../../../view/result/share.js");
const { byPhone, byRelay, catalog, contextOf, predictionOf } = require("../world/world.js");

const APP = path.join(__dirname, "../../..");
const SURE = predictionOf("confident", [["anthracnose", 0.96], ["bacterial_canker", 0.03]]);
const UNSURE = predictionOf("unsure", [["gall_midge", 0.42], ["procontarinia_matteiana", 0.3], ["anthracnose", 0.1]]);

/** @param {string} picture as pages name it */
const isPackaged = (picture) => fs.existsSync(path.join(APP, picture));

test("every class has a picture in the package, two or three short marks in both languages, and classes it is mistaken for", () => {
  for (const language of /** @type {const} */ (["zh", "en"])) {
    const context = contextOf({ language });
    for (const { id } of catalog.classes) {
      const page = detailPage(id, {}, 0, context);
      assert.ok(page && page.symptom && isPackaged(page.symptom.picture), id);
      assert.ok([2, 3].includes(page.symptom.marks.length), id);
      assert.deepEqual(page.symptom.marks.filter((mark) => Array.from(mark).length > (language === "zh" ? 16 : 50)), [], id);
      assert.ok(page.mistaken.length >= 1 && page.mistaken.length <= 3, id);
      assert.ok(page.mistaken.every((other) => other.id !== id && isPackaged(other.picture)), id);
    }
  }
});

test("a row of the guide has the picture and the marks, and a search finds by them", () => {
  const rows = guideGroups("黄晕", "all", contextOf()).flatMap((group) => group.rows);
  const row = rows.find(({ id }) => id === "bacterial_canker");
  assert.ok(row && row.picture && isPackaged(row.picture));
  assert.match(String(row.marks), /黑斑有棱角.*；外圈有黄晕/);
});

describe("a confident answer", () => {
  test("has the marks to check it by, and what it is mistaken for", () => {
    const { check, compare } = answerCard(byPhone(SURE), contextOf());
    assert.equal(check?.symptom.id, "anthracnose");
    assert.deepEqual(check?.mistaken.map(({ id }) => id), catalog.find("anthracnose")?.mistaken_for);
    assert.equal(compare, null);
  });

  test("of a class that the grower taught has none", () => {
    assert.equal(answerCard(byPhone(predictionOf("confident", [["own_1", 0.9]])), contextOf()).check, null);
  });
});

describe("an unsure answer", () => {
  test("puts the marks of the two likeliest classes side by side", () => {
    const { check, compare, choice } = answerCard(byRelay(UNSURE), contextOf());
    assert.deepEqual(compare?.sides.map(({ id }) => id), ["gall_midge", "procontarinia_matteiana"]);
    assert.deepEqual([check, choice], [null, null]);
  });

  test("compares nothing where one of the two is no class of the guide, and where there is no leaf", () => {
    const own = predictionOf("unsure", [["own_1", 0.4], ["gall_midge", 0.3], ["anthracnose", 0.2]]);
    assert.equal(answerCard(byPhone(own), contextOf()).compare, null);
    assert.equal(answerCard(byPhone(predictionOf("unsure", [["healthy", 0.6]])), contextOf()).compare, null);
    assert.equal(answerCard(byPhone(predictionOf("not_mango_leaf", [["healthy", 0.4], ["anthracnose", 0.3]])), contextOf()).compare, null);
  });
});

describe("what the grower chose", () => {
  const settled = byPhone(UNSURE, { choice: "procontarinia_matteiana" });

  test("stands beside the answer and changes nothing of it", () => {
    const [before, after] = [answerCard(byPhone(UNSURE), contextOf()), answerCard(settled, contextOf())];
    assert.deepEqual({ ...after, choice: null }, before);
    assert.deepEqual([after.choice?.id, after.choice?.text], ["procontarinia_matteiana", "你看是：瘤状叶瘿蚊"]);
    assert.match(String(after.choice?.note), /自己选的/);
  });

  test("stays when a later answer is sure of another class", () => {
    const card = answerCard(byRelay(SURE, { choice: "gall_midge" }), contextOf());
    assert.deepEqual([card.title, card.compare, card.choice?.id], ["炭疽病", null, "gall_midge"]);
  });

  test("is in no title that is shared", () => {
    const context = contextOf();
    assert.deepEqual(shareMessage(settled, context.t, context), shareMessage(byPhone(UNSURE), context.t, context));
  });
});
