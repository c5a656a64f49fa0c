// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { NEW, lessonGroups } = require("../../../view/orchard/lesson.js");
const { cleanLabel, ownClass } = require("../../../view/orchard/own-class.js");
const { idleLine, orchardRows } = require("../../../view/orchard/orchard.js");
const { contextOf } = require("../world/world.js");

const TAUGHT = [{ id: "own_1", label: "卷叶怪虫" }, { id: "gall_midge", label: null }];

test("without a search every class can be chosen, the grower's own first", () => {
  const groups = lessonGroups("", contextOf({ taught: TAUGHT }));
  assert.deepEqual(groups[0].rows.map(({ id }) => id), ["own_1"]);
  assert.equal(groups.some(({ id }) => id === NEW), false);
  assert.ok(groups.length > 10);
});

test("what is typed can be a new name, unless it is the name of one there is", () => {
  assert.equal(lessonGroups("新虫子", contextOf())[0].id, NEW);
  assert.match(lessonGroups(" 新虫子 ", contextOf())[0].rows[0].title, /“新虫子”/);
  assert.equal(lessonGroups("卷叶怪虫", contextOf({ taught: TAUGHT }))[0].id, "own");
  assert.notEqual(lessonGroups("炭疽病", contextOf())[0].id, NEW);
  assert.notEqual(lessonGroups("anthracnose", contextOf({ language: "en" }))[0].id, NEW);
});

test("a name that was taught before is the same class, whatever its case", () => {
  assert.deepEqual(ownClass("ODD ROLLER", [{ id: "own_3", label: "Odd roller" }]), { id: "own_3", label: "Odd roller" });
});

test("a new name gets an id that is free and that a gallery takes", () => {
  const anyTaught = fc.array(fc.record({ id: fc.integer({ min: 1, max: 9 }).map((n) => `own_${n}`), label: fc.string() }));
  fc.assert(fc.property(anyTaught, (taught) => {
    const { id } = ownClass("no such name among them!", taught);
    assert.match(id, /^[a-z0-9_]+$/);
    assert.ok(!taught.some((one) => one.id === id));
  }));
});

test("a label has one line, no more than 40 letters, and none is cut in half", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), (text) => {
    const label = cleanLabel(text);
    assert.ok(Array.from(label).length <= 40);
    assert.equal(label, label.trim());
    assert.doesNotMatch(label, /[\n\r\t]/);
    assert.ok(label.isWellFormed?.() ?? true);
  }));
});

test("the orchard lists what was taught with how many photos of it", () => {
  const rows = orchardRows(
    [
      { id: "own_1", label: "卷叶怪虫", photos: [{ key: "a", picture: null }] },
      { id: "gall_midge", label: null, photos: [{ key: "b", picture: "b.jpg" }, { key: "c", picture: null }] },
    ],
    contextOf({ taught: TAUGHT }),
  );
  assert.deepEqual(rows.map(({ title, count, guild, known }) => [title, count, guild, known]), [
    ["卷叶怪虫", "1 张照片", "own", false],
    ["叶瘿蚊", "2 张照片", "gall_midges", true],
  ]);
});

test("what was taught and does not count says why, and what to do", () => {
  assert.equal(idleLine(null, contextOf()), "");
  assert.match(idleLine("other_model", contextOf()), /模型换了.*全部忘掉/);
  assert.match(idleLine("bad_gallery", contextOf()), /坏了.*备份/);
});
