// @ts-check
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { detailPage } = require("../../../view/guide/detail.js");
const { guideFilters, guideGroups } = require("../../../view/guide/guide.js");
const { catalog, contextOf } = require("../world/world.js");

/** @param {ReturnType<typeof guideGroups>} groups */
const idsOf = (groups) => groups.flatMap(({ rows }) => rows.map(({ id }) => id));

test("the guide has every class once, each below its group", () => {
  const groups = guideGroups("", "all", contextOf());
  assert.deepEqual(idsOf(groups).sort(), catalog.classes.map(({ id }) => id).sort());
  assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length);
  for (const { rows, id } of groups) assert.ok(rows.every((row) => row.guild === id));
});

test("every group and every part has a sign", () => {
  const styles = fs.readFileSync(path.join(__dirname, "../../../components/glyph/glyph.wxss"), "utf8");
  const signs = [...catalog.guilds.map(({ id }) => id), "leaf", "fruit"];
  assert.deepEqual(signs.filter((id) => !styles.includes(`.glyph--${id} {`)), []);
});

test("a search finds by name in either language and by symptom", () => {
  assert.deepEqual(idsOf(guideGroups("白粉病", "all", contextOf()))[0], "powdery_mildew");
  assert.ok(idsOf(guideGroups("Anthracnose", "all", contextOf())).includes("anthracnose"));
  assert.deepEqual(guideGroups("zzzz", "all", contextOf()), []);
});

test("each filter narrows to diseases of one part or to pests, and no disease or pest is left out", () => {
  const narrow = guideFilters(contextOf()).filter(({ id }) => id !== "all");
  const found = narrow.map(({ id }) => idsOf(guideGroups("", id, contextOf())));
  const sorts = found.map((ids) => [...new Set(ids.map((id) => `${catalog.find(id)?.part} ${catalog.find(id)?.kind}`))]);
  assert.deepEqual(sorts, [["leaf disease"], ["fruit disease"], ["undefined pest"]]);
  const ill = catalog.classes.filter(({ kind }) => kind !== "healthy").map(({ id }) => id);
  assert.deepEqual(found.flat().sort(), ill.sort());
});

test("a page of the guide names the part of the tree, but not of pests", () => {
  assert.deepEqual(["fruit_stem_end_rot", "red_rust", "gall_midge"].map((id) => detailPage(id, {}, 0, contextOf())?.part), ["果实", "叶片", ""]);
});

test("a page of the guide has symptoms, advice and its group's in the reader's language", () => {
  const zh = detailPage("ceroplastes_rubens", {}, 0, contextOf());
  const en = detailPage("ceroplastes_rubens", {}, 0, contextOf({ language: "en" }));
  assert.deepEqual([zh?.title, en?.title], ["红蜡蚧", "Pink wax scale"]);
  assert.ok(zh && zh.steps.length > 0 && zh.groupSteps.length > 0 && zh.symptoms.length > 20 && zh.caution);
});

test("a healthy leaf or fruit has no warning about sprays and no group", () => {
  for (const id of ["healthy", "fruit_healthy"]) {
    const page = detailPage(id, {}, 0, contextOf());
    assert.deepEqual([page?.kind, page?.caution, page?.groupSteps], ["健康", "", []]);
  }
});

test("an unknown class has no page", () => {
  assert.equal(detailPage("own_1", {}, 0, contextOf()), null);
});
