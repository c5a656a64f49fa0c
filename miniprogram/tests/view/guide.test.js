// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { detailPage } = require("../../view/detail.js");
const { guideFilters, guideGroups } = require("../../view/guide.js");
const { catalog, contextOf } = require("./world.js");

/** @param {ReturnType<typeof guideGroups>} groups */
const idsOf = (groups) => groups.flatMap(({ rows }) => rows.map(({ id }) => id));

test("the guide has every class once, each below its group", () => {
  const groups = guideGroups("", "all", contextOf());
  assert.deepEqual(idsOf(groups).sort(), catalog.classes.map(({ id }) => id).sort());
  assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length);
  for (const { rows, id } of groups) assert.ok(rows.every((row) => row.guild === id));
});

test("a search finds by name in either language and by symptom", () => {
  assert.deepEqual(idsOf(guideGroups("白粉病", "all", contextOf()))[0], "powdery_mildew");
  assert.ok(idsOf(guideGroups("Anthracnose", "all", contextOf())).includes("anthracnose"));
  assert.deepEqual(guideGroups("zzzz", "all", contextOf()), []);
});

test("each filter narrows to its kind", () => {
  for (const { id } of guideFilters(contextOf())) {
    const found = idsOf(guideGroups("", id, contextOf())).map((one) => catalog.find(one)?.kind);
    assert.ok(found.length > 0);
    if (id !== "all") assert.deepEqual([...new Set(found)], [id]);
  }
});

test("a page of the guide has symptoms, advice and its group's in the reader's language", () => {
  const zh = detailPage("ceroplastes_rubens", contextOf());
  const en = detailPage("ceroplastes_rubens", contextOf({ language: "en" }));
  assert.deepEqual([zh?.title, en?.title], ["红蜡蚧", "Pink wax scale"]);
  assert.ok(zh && zh.steps.length > 0 && zh.groupSteps.length > 0 && zh.symptoms.length > 20 && zh.caution);
});

test("a healthy leaf has no warning about sprays and no group", () => {
  const page = detailPage("healthy", contextOf());
  assert.deepEqual([page?.caution, page?.groupSteps], ["", []]);
});

test("there is no page for what the catalog does not have", () => {
  assert.equal(detailPage("own_1", contextOf()), null);
});
