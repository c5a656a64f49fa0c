// @ts-check
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { calendarLine, calendarPage, ownMonths, withMonth } = require("../../../view/calendar/calendar.js");
const { LOOK, MONTHS, STAGES } = require("../../../view/calendar/data.js");
const { monthsText } = require("../../../view/calendar/months.js");
const { catalog, contextOf } = require("../world/world.js");

const DECEMBER = new Date(2026, 11, 1).getTime();

/** @param {Partial<Settings>} settings @param {Partial<ViewContext>} [context] @param {Partial<Record<CalendarStage, boolean>>} [opened] */
const page = (settings, context, opened = {}) => calendarPage({ region: "", stageMonths: null, ...settings }, opened, DECEMBER, contextOf(context));

describe("what to look for", () => {
  /** The growth stages of the catalog at which something can be done. @type {Record<CalendarStage, GrowthStage[]>} */
  const SAME = { flush: ["flush"], flowering: ["flowering"], fruit_set: ["fruiting"], harvest: ["fruiting", "rest"] };

  test("is in the catalog, and at a stage at which the catalog says that damage can be prevented", () => {
    for (const stage of STAGES) {
      assert.equal(new Set(LOOK[stage]).size, LOOK[stage].length);
      for (const id of LOOK[stage]) {
        const entry = catalog.find(id);
        assert.ok(entry && entry.threshold, id);
        assert.ok(entry.threshold.stages.some((one) => SAME[stage].includes(one)), `${id} at ${stage}`);
      }
    }
  });

  test("has every class that can do harm, at some stage", () => {
    const looked = new Set(STAGES.flatMap((stage) => LOOK[stage]));
    assert.deepEqual(catalog.classes.filter(({ id, threshold }) => threshold && !looked.has(id)).map(({ id }) => id), []);
  });

  test("leads to the guide's page, with the picture and the marks to check", () => {
    const [, flowering] = page({ region: "hainan" }).stages;
    const [{ rows }] = flowering.groups;
    assert.deepEqual([rows[0].id, rows[0].title, rows[0].picture], ["powdery_mildew", "白粉病", "/symptoms/powdery_mildew.svg"]);
    assert.ok(rows[0].marks);
  });
});

describe("the year", () => {
  test("has every stage in every region, and no month twice", () => {
    for (const months of Object.values(MONTHS)) {
      for (const stage of STAGES) {
        assert.ok(months[stage].length > 0 && new Set(months[stage]).size === months[stage].length);
        assert.ok(months[stage].every((month) => month >= 1 && month <= 12));
      }
    }
  });

  test("waits for the region, and then opens what is now", () => {
    assert.deepEqual(page({}).stages, []);
    assert.deepEqual(page({}).regions.map(({ id }) => id), ["hainan", "guangxi", "dry_valleys", "own"]);
    const { month, stages } = page({ region: "hainan" });
    assert.equal(month, "现在是12月");
    assert.deepEqual(stages.map(({ id, isNow, open, groups }) => [id, isNow, open, groups.length]), [
      ["flush", false, false, 0], ["flowering", true, true, 1], ["fruit_set", false, false, 0], ["harvest", false, false, 0],
    ]);
    assert.deepEqual(page({ region: "dry_valleys" }).stages.filter(({ isNow }) => isNow).map(({ id }) => id), ["flush"]);
  });

  test("opens and closes by a tap", () => {
    const { stages } = page({ region: "hainan" }, {}, { flowering: false, harvest: true });
    assert.deepEqual(stages.map(({ open }) => open), [false, false, false, true]);
  });

  test("can be set by the grower, month by month, from what the region before had", () => {
    const before = { region: /** @type {const} */ ("guangxi"), stageMonths: null };
    const stageMonths = ownMonths(before);
    assert.deepEqual(stageMonths, MONTHS.guangxi);
    const own = { region: /** @type {const} */ ("own"), stageMonths };
    assert.deepEqual(withMonth(own, "flowering", 1).flowering, [1, 2, 3, 4]);
    assert.deepEqual(withMonth(own, "flowering", 3).flowering, [2, 4]);
    assert.deepEqual(ownMonths({ region: "hainan", stageMonths }), stageMonths, "what was set before stays");
    const [flush] = page(own, {}, { flush: true }).stages;
    assert.deepEqual(flush.grid.filter(({ on }) => on).map(({ name }) => name), ["8月", "9月", "10月", "11月"]);
    assert.deepEqual(page({ region: "guangxi" }, {}, { flush: true }).stages[0].grid, [], "a region's months are not the grower's");
  });
});

test("months are spans, also over the turn of the year", () => {
  /** @param {number[]} months @param {"zh" | "en"} [language] */
  const text = (months, language = "zh") => monthsText(months, contextOf({ language }));
  assert.equal(text([11, 12, 1, 2]), "11月–2月");
  assert.equal(text([3, 8, 9, 10]), "3月、8月–10月");
  assert.equal(text([12, 1], "en"), "Dec–Jan");
  assert.equal(text([]), "没有选月份");
  assert.equal(text([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), "全年");
});

test("the guide says what is now, once the region is known", () => {
  /** @param {Partial<Settings>} settings @param {Partial<ViewContext>} [context] */
  const line = (settings, context) => calendarLine({ region: "", stageMonths: null, ...settings }, DECEMBER, contextOf(context));
  assert.equal(line({}), "什么时候看什么（农事历）");
  assert.equal(line({ region: "hainan" }), "12月：开花，该看什么");
  assert.equal(line({ region: "guangxi" }), "什么时候看什么（农事历）");
  assert.equal(line({ region: "hainan" }, { language: "en" }), "Dec: Flowering – what to look for");
});
