// @ts-check
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { sprayAdvice } = require("../../../view/spray/spray.js");
const { catalog, contextOf } = require("../world/world.js");

/** Noon of a day in March. */
const NOW = new Date(2026, 2, 1, 12).getTime();
const REMEDIES = ["nothing", "look_again", "cultural", "biological", "product"];

/** @typedef {{ taps: number, answers: Record<string, string>, outcome: NonNullable<SprayAdvice["outcome"]> }} End */

/**
 * Every way of answering, by the choices that the page offers.
 * @param {GuideClass} entry
 * @param {ViewContext} context
 * @param {Record<string, string>} [answers]
 * @returns {End[]}
 */
function walk(entry, context, answers = {}) {
  const { asks, question, outcome } = sprayAdvice(entry, answers, NOW, context);
  assert.ok((asks === null) === (question === null) && (question === null) !== (outcome === null), `${entry.id}: a question or an outcome, never both`);
  if (outcome) return [{ taps: Object.keys(answers).length, answers, outcome }];
  assert.ok(question && asks && question.choices.length >= 2);
  return question.choices.flatMap(({ id }) => walk(entry, context, { ...answers, [asks]: id }));
}

for (const language of /** @type {const} */ (["zh", "en"])) {
  describe(`every class and every answer, ${language}`, () => {
    const context = contextOf({ language });
    const ends = catalog.classes.flatMap((entry) => walk(entry, context).map((end) => ({ ...end, entry })));

    test("two or three taps lead to one of five outcomes; for what is healthy there is nothing to answer", () => {
      for (const { entry, taps, outcome } of ends) {
        assert.ok(entry.kind === "healthy" ? taps === 0 : taps === 2 || taps === 3, entry.id);
        assert.ok(REMEDIES.includes(outcome.kind), entry.id);
        assert.ok(outcome.steps.length > 0 && outcome.steps.every((step) => step && !/undefined|spray\.|\{/.test(step)), entry.id);
        assert.doesNotMatch(outcome.title, /undefined|spray\.|\{/);
      }
      assert.deepEqual([...new Set(ends.map(({ outcome }) => outcome.kind))].sort(), [...REMEDIES].sort());
    });

    test("a product is one registered for mango, with interval, banned substances and protection named; no other outcome names one", () => {
      for (const { entry, outcome } of ends) {
        const text = outcome.steps.join("\n");
        if (outcome.kind === "product") {
          assert.match(text, language === "zh" ? /芒果上登记的药剂.*安全间隔期.*禁限用农药.*防护/s : /registered for mango.*pre-harvest interval.*banned or restricted.*protection/s, entry.id);
        } else {
          assert.doesNotMatch(text, /药剂|registered for mango/, entry.id);
        }
      }
    });

    test("no outcome names a dose", () => {
      for (const { entry, outcome } of ends) {
        assert.doesNotMatch(outcome.steps.join("\n"), /\d\s*(倍|毫升|升|克|千克|公斤|%|ppm|ml|mL|g|kg|L|litres?)(?![a-z])/, entry.id);
      }
    });

    test("a product comes only at a stage at which it helps, from the threshold on, after what does without", () => {
      for (const { entry, answers, outcome } of ends.filter(({ outcome }) => outcome.kind === "product")) {
        assert.ok(entry.threshold?.stages.some((stage) => stage === answers.stage), entry.id);
        assert.deepEqual([answers.amount, answers.done], ["reached", "all"], entry.id);
        assert.equal(outcome.tone, "unsure");
      }
      assert.ok(ends.filter(({ entry }) => entry.part === "fruit").every(({ answers, outcome }) => answers.stage !== "stored" || outcome.kind !== "product"), "picked fruit is not sprayed");
    });

    test("natural enemies come where the group of the class has some, and nowhere else", () => {
      const biological = new Set(ends.filter(({ outcome }) => outcome.kind === "biological").map(({ entry }) => entry.guild));
      const expected = catalog.guilds.filter((guild) => guild.biological).map(({ id }) => id);
      assert.deepEqual([...biological].sort(), expected.sort());
    });
  });
}

test("both languages lead to the same, line by line, as the relay's page shows them", () => {
  for (const entry of catalog.classes) {
    const [zh, en] = /** @type {const} */ (["zh", "en"]).map((language) => walk(entry, contextOf({ language })));
    const outline = (/** @type {End[]} */ ends) => ends.map(({ answers, outcome }) => ({ answers, kind: outcome.kind, steps: outcome.steps.length }));
    assert.deepEqual(outline(en), outline(zh), entry.id);
    assert.equal(entry.marks.en.length, entry.marks.zh.length, entry.id);
  }
});

test("what is less than the threshold is looked at again on a date", () => {
  const midge = /** @type {GuideClass} */ (catalog.find("gall_midge"));
  const answers = { stage: "flush", amount: "some" };
  assert.equal(sprayAdvice(midge, answers, NOW, contextOf()).outcome?.title, "先不打药，3月8日再看");
  assert.equal(sprayAdvice(midge, answers, NOW, contextOf({ language: "en" })).outcome?.title, "No spray yet; look again on 8/3");
});

test("the threshold says what to count, on how many, when, from when on, and whether it is published", () => {
  for (const entry of catalog.classes.filter(({ kind }) => kind !== "healthy")) {
    const { facts } = sprayAdvice(entry, {}, NOW, contextOf());
    assert.equal(facts.length, 4);
    const [count, stages, , source] = facts;
    assert.match(count.text, /\d+ [个片]/);
    assert.match(stages.text, /抽新梢|开花|挂果|采果后/);
    assert.match(source.text, entry.threshold?.source ? /./ : /没有查到公布的防治指标/, entry.id);
  }
});

test("close to harvest and in flower the product has a line of its own", () => {
  const anthracnose = /** @type {GuideClass} */ (catalog.find("fruit_anthracnose"));
  const steps = (/** @type {string} */ stage) => sprayAdvice(anthracnose, { stage, amount: "reached", done: "all" }, NOW, contextOf()).outcome?.steps.join("");
  assert.match(String(steps("fruiting")), /多于标签上的安全间隔期/);
  assert.match(String(steps("flowering")), /授粉昆虫/);
});
