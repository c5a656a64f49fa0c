// @ts-check
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const zh = require("../../../i18n/zh.js");
const en = require("../../../i18n/en.js");
const { answerCard } = require("../../../view/answer/answer.js");
const { csv } = require("../../../view/history/csv.js");
const { phoneWorks } = require("../../../view/settings/phone-works.js");
const { modeChoices, privacyLines } = require("../../../view/settings/settings.js");
const { byPhone, catalog, contextOf, predictionOf, scanOf } = require("../world/world.js");

/** Every text of a dictionary. @param {Record<string, Record<string, string | string[]>>} dictionary */
const textsOf = (dictionary) => Object.values(dictionary).flatMap((section) => Object.values(section).flat());

test("growers read no words of the developer's", () => {
  assert.deepEqual(textsOf(zh).filter((text) => /服务器|中继|认不了/.test(text)), []);
  assert.deepEqual(textsOf(en).filter((text) => /\bserver\b|\brelay\b/i.test(text.replace(/\{relay\}/g, ""))), []);
});

describe("the catalog", () => {
  const advice = [...catalog.classes, ...catalog.guilds].map(({ id, advice: lines }) => ({ id, zh: lines.zh, en: lines.en }));

  test("names pests as growers do, without the genus", () => {
    assert.deepEqual(catalog.classes.filter(({ names }) => /属/.test(names.zh)).map(({ names }) => names.zh), []);
  });

  test("advises no burning: orchards are fined for it", () => {
    assert.deepEqual(advice.filter((one) => /烧|焚/.test(one.zh.join()) || /\bburn/i.test(one.en.join())).map(({ id }) => id), []);
  });

  test("says beside every advice to spray what protects people and fruit", () => {
    const spray = advice.flatMap((one) => one.zh.filter((line) => /药剂/.test(line)));
    const sprayed = advice.flatMap((one) => one.en.filter((line) => /product|one registered/.test(line)));
    assert.ok(spray.length > 30 && sprayed.length === spray.length, `${spray.length} and ${sprayed.length}`);
    assert.deepEqual(spray.filter((line) => !/登记.*安全间隔期.*禁限用农药.*防护/.test(line)), []);
    assert.deepEqual(sprayed.filter((line) => !/registered.*pre-harvest interval.*banned or restricted.*protection/.test(line)), []);
    for (const caution of [zh.detail.caution]) assert.match(caution, /安全间隔期.*禁限用农药.*防护/);
  });

  test("what the answer shows of it is no spraying, which needs the whole page", () => {
    assert.deepEqual(advice.filter((one) => /药剂/.test(one.zh.slice(0, 2).join())).map(({ id }) => id), []);
  });
});

describe("where no relay is set", () => {
  const alone = contextOf({ hasRelay: false });

  test("absent features are not mentioned", () => {
    const scan = byPhone(predictionOf("unsure", [["die_back", 0.5]]), { problem: "no_relay" });
    const card = answerCard(scan, alone);
    assert.deepEqual([card.notice, card.can.ask], [null, false]);
    assert.doesNotMatch(csv([scan], alone), /联网/);
    assert.doesNotMatch(privacyLines(alone).join(), /联网|发给/);
    assert.match(privacyLines(contextOf()).join(), /发给/);
    assert.equal(modeChoices(contextOf()).length, 3);
  });
});

test("working without network is promised once the phone has shown it", () => {
  const answered = byPhone(predictionOf("confident", [["die_back", 0.9]]));
  const failed = scanOf({ state: "waiting", phoneProblem: "cannot_start" });
  const by = (/** @type {string} */ status, /** @type {Scan[]} */ scans) => phoneWorks({ status }, scans);
  assert.deepEqual([by("resting", []), by("ready", []), by("failed", [answered])], [false, true, false]);
  assert.deepEqual([by("resting", [answered, failed]), by("resting", [failed, answered]), by("starting", [scanOf({}), answered])], [true, false, true]);
});
