// @ts-check
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { answerCard } = require("../../../view/answer/answer.js");
const { byPhone, byRelay, contextOf, predictionOf, scanOf } = require("../world/world.js");

const SURE = predictionOf("confident", [["anthracnose", 0.963], ["powdery_mildew", 0.021], ["healthy", 0.01]]);
const UNSURE = predictionOf("unsure", [["gall_midge", 0.52], ["healthy", 0.3], ["die_back", 0.1], ["anthracnose", 0.05]]);

/** @param {Card} card */
const chipsOf = (card) => card.chips.map(({ text }) => text);

describe("a confident answer", () => {
  test("has the class's names, its percentage in words, and the first steps", () => {
    const card = answerCard(byPhone(SURE), contextOf());
    assert.equal(card.title, "炭疽病");
    assert.equal(card.latin, "Colletotrichum gloeosporioides");
    assert.equal(card.second, "Anthracnose");
    assert.equal(card.guild, "leaf_fungi");
    assert.deepEqual([card.confidence?.word, card.confidence?.percent, card.confidence?.tone], ["很有把握", "96%", "sure"]);
    assert.equal(card.todo?.steps.length, 2);
    assert.deepEqual(card.others.map(({ title, percent }) => [title, percent]), [["白粉病", "2%"]]);
    assert.deepEqual(chipsOf(card), ["手机识别"]);
    assert.equal(card.notice, null);
    assert.deepEqual([card.can.detail, card.can.correct, card.can.share, card.can.stop], [true, true, true, false]);
  });

  test("is only fairly sure below nine in ten", () => {
    const card = answerCard(byPhone(predictionOf("confident", [["healthy", 0.89]])), contextOf());
    assert.equal(card.confidence?.word, "比较有把握");
  });

  test("in English puts the Chinese name beside", () => {
    const card = answerCard(byRelay(SURE), contextOf({ language: "en" }));
    assert.deepEqual([card.title, card.second], ["Anthracnose", "炭疽病"]);
    assert.deepEqual(chipsOf(card), ["Identified online"]);
  });

  test("from few photos says from how many, and one is singular", () => {
    const few = (/** @type {number} */ photos) =>
      predictionOf("confident", [], { classes: [{ id: "ceroplastes_rubens", probability: 0.9, basis: "few_photos", photos }] });
    assert.match(String(answerCard(byPhone(few(7)), contextOf()).caution), /7 张照片/);
    assert.match(String(answerCard(byPhone(few(1)), contextOf({ language: "en" })).caution), /from 1 photo only/);
  });

  test("of a class that the grower taught says so", () => {
    const taught = predictionOf("confident", [], { classes: [{ id: "own_1", probability: 0.9, basis: "few_photos", photos: 3 }] });
    assert.match(String(answerCard(byPhone(taught), contextOf({ taught: [{ id: "own_1", label: "怪虫" }] })).caution), /你.*教过.*3 张/);
  });

  test("of a class that the grower named bears that name and has no page in the guide", () => {
    const context = contextOf({ taught: [{ id: "own_1", label: "怪虫" }] });
    const card = answerCard(byPhone(predictionOf("confident", [["own_1", 0.9]])), context);
    assert.deepEqual([card.title, card.can.detail, card.todo], ["怪虫", false, null]);
  });
});

describe("an unsure answer", () => {
  test("offers the likeliest three, its first included, and asks for more photos", () => {
    const card = answerCard(byPhone(UNSURE), contextOf());
    assert.deepEqual(card.others.map(({ id }) => id), ["gall_midge", "healthy", "die_back"]);
    assert.deepEqual([card.confidence?.word, card.confidence?.tone], ["不太确定", "unsure"]);
    assert.match(String(card.todo?.steps[0]), /再拍/);
  });

  test("names the group where that is likely, with the group's probability and advice", () => {
    const card = answerCard(byPhone({ ...UNSURE, guild: { id: "scales", probability: 0.81 } }), contextOf());
    assert.deepEqual([card.title, card.classId, card.guild], ["介壳虫", null, "scales"]);
    assert.equal(card.confidence?.percent, "81%");
    assert.match(String(card.confidence?.word), /多半是这一类/);
    assert.equal(card.can.detail, false);
    assert.equal(card.todo?.steps.length, 2);
  });

  test("can be sent to the relay if there is one and the photos are still there", () => {
    assert.equal(answerCard(byPhone(UNSURE), contextOf()).can.ask, true);
    assert.equal(answerCard(byPhone(UNSURE), contextOf({ hasRelay: false })).can.ask, false);
    assert.equal(answerCard(byPhone(UNSURE, { photos: [] }), contextOf()).can.ask, false);
    assert.equal(answerCard(byRelay(UNSURE), contextOf()).can.ask, false);
  });
});

describe("an unsure answer with a symptom's probability", () => {
  const ill = { ...UNSURE, part: /** @type {const} */ ("leaf"), symptom: { probability: 0.96, certain: true } };
  const HEALTHY = predictionOf("unsure", [["healthy", 0.6], ["die_back", 0.2], ["gall_midge", 0.1]]);
  const well = { ...HEALTHY, symptom: { probability: 0.15, certain: true } };

  test("says first that there is a symptom, and lists the likeliest classes below", () => {
    const card = answerCard(byPhone(ill), contextOf());
    assert.deepEqual([card.title, card.lead, card.latin, card.classId, card.guild], ["有症状", null, "", null, null]);
    assert.deepEqual([card.confidence?.word, card.confidence?.percent, card.confidence?.tone], ["很有把握，是哪一种还不确定", "96%", "sure"]);
    assert.deepEqual(card.others.map(({ id }) => id), ["gall_midge", "healthy", "die_back"]);
    assert.match(String(card.todo?.steps[0]), /再拍两三片.*叶/);
    assert.deepEqual([card.main, card.can.detail, card.caution], ["again", false, null]);
    const en = answerCard(byRelay(ill), contextOf({ language: "en" }));
    assert.deepEqual([en.title, en.confidence?.word], ["Some symptom", "Very sure, but not sure which one"]);
  });

  test("says that it looks healthy, with the probability of no symptom and the advice for healthy trees", () => {
    const card = answerCard(byPhone(well), contextOf());
    assert.deepEqual([card.title, card.lead, card.guild], ["看起来健康", null, "healthy"]);
    assert.deepEqual([card.confidence?.word, card.confidence?.percent], ["比较有把握", "85%"]);
    assert.match(String(card.todo?.steps[0]), /不用处理/);
    assert.equal(answerCard(byPhone(well), contextOf({ language: "en" })).title, "Looks healthy");
  });

  test("never says that it looks healthy where the likeliest class is a pest, a disease or the grower's own", () => {
    for (const id of ["ceroplastes_rubens", "die_back", "own_1"]) {
      const card = answerCard(byPhone({ ...predictionOf("unsure", [[id, 0.4], ["healthy", 0.3]]), symptom: well.symptom }), contextOf());
      assert.deepEqual([card.classId, card.lead], [id, "最像"]);
    }
  });

  test("names the class or the group as before where the symptom is not certain, or the answer is", () => {
    const uncertain = { ...UNSURE, symptom: { probability: 0.6, certain: false } };
    assert.deepEqual([answerCard(byPhone(uncertain), contextOf()).title, answerCard(byPhone(UNSURE), contextOf()).title], ["叶瘿蚊", "叶瘿蚊"]);
    assert.equal(answerCard(byPhone({ ...SURE, symptom: ill.symptom }), contextOf()).title, "炭疽病");
    assert.equal(answerCard(byPhone({ ...ill, guild: { id: "scales", probability: 0.81 } }), contextOf()).title, "介壳虫");
  });
});

describe("the part of the tree", () => {
  test("stands among the chips where the model knows several, and nowhere else", () => {
    const fruit = predictionOf("confident", [["fruit_anthracnose", 0.95], ["fruit_healthy", 0.02]], { part: "fruit" });
    assert.deepEqual(chipsOf(answerCard(byPhone(fruit), contextOf())), ["手机识别", "果实"]);
    assert.deepEqual(chipsOf(answerCard(byRelay({ ...SURE, part: "leaf" }), contextOf({ language: "en" }))), ["Identified online", "Leaf"]);
    assert.deepEqual(chipsOf(answerCard(byPhone(SURE), contextOf())), ["手机识别"]);
  });

  test("determines which part to photograph again", () => {
    const fruit = predictionOf("unsure", [["fruit_alternaria", 0.5]], { part: "fruit" });
    assert.match(String(answerCard(byPhone(fruit), contextOf()).todo?.steps[0]), /再拍两三个.*果/);
  });

  test("a model that knows fruit looks for fruit too", () => {
    const not = predictionOf("not_mango_leaf", [["healthy", 0.4], ["fruit_healthy", 0.1]]);
    const card = answerCard(byPhone(not), contextOf());
    assert.deepEqual([card.title, card.caution], ["不像芒果叶或果实", "手机没看出这是芒果叶或果实。照片不会自动发出去。"]);
    assert.equal(answerCard(byRelay(not), contextOf({ language: "en" })).caution, "The online check sees no mango leaf or fruit here.");
  });
});

describe("no mango leaf", () => {
  const NOT = predictionOf("not_mango_leaf", [["healthy", 0.4]]);

  test("claims no class, and says how to take a better photo", () => {
    const card = answerCard(byPhone(NOT), contextOf());
    assert.deepEqual([card.title, card.latin, card.classId, card.confidence], ["不像芒果叶", "", null, null]);
    assert.deepEqual(card.others, []);
    assert.equal(card.todo?.steps.length, 3);
    assert.equal(card.can.share, false);
  });

  test("promises that no photo is sent only where that is so", () => {
    const caution = (/** @type {Scan} */ scan) => String(answerCard(scan, contextOf()).caution);
    assert.match(caution(byPhone(NOT)), /不会自动发出去/);
    // In mode relay the request is already running.
    for (const state of /** @type {const} */ (["waiting", "asking"])) assert.doesNotMatch(caution(byPhone(NOT, { state })), /发送|发出/);
    assert.doesNotMatch(caution(byRelay(NOT)), /发送|发出/);
  });

  test("offers to ask the relay all the same", () => {
    assert.equal(answerCard(byPhone(NOT), contextOf()).askLabel, "还是联网查查");
  });
});

describe("an answer that may still change", () => {
  test("is marked provisional, and says when it is sent", () => {
    const card = answerCard(byPhone(UNSURE, { state: "waiting", problem: "offline" }), contextOf());
    assert.deepEqual(chipsOf(card), ["手机识别", "暂定"]);
    assert.match(String(card.notice?.text), /有网后会自动/);
    const online = String(answerCard(byPhone(UNSURE, { state: "waiting" }), contextOf()).notice?.text);
    assert.match(online, /会自动联网核对/);
    assert.doesNotMatch(online, /有网/);
    assert.equal(card.notice?.tone, "unsure");
    assert.equal(card.busy, null);
  });

  test("can be stopped while the relay is asked, whether or not the phone has answered", () => {
    const asked = answerCard(byPhone(UNSURE, { state: "asking" }), contextOf());
    assert.match(String(asked.busy), /正在联网核对/);
    assert.deepEqual([asked.can.stop, asked.can.ask], [true, false]);
    assert.equal(answerCard(scanOf({ state: "asking" }), contextOf()).can.stop, true);
    assert.equal(answerCard(byPhone(UNSURE, { state: "waiting" }), contextOf()).can.stop, false);
  });

  test("says in one line that the relay answered because the phone could not", () => {
    const { notice } = answerCard(byRelay(SURE, { phoneProblem: "cannot_start" }), contextOf());
    assert.match(String(notice?.text), /自己识别不了.*已改成联网识别/);
    assert.equal(notice?.tone, "plain");
  });

  test("is final once the relay has answered", () => {
    assert.deepEqual(chipsOf(answerCard(byRelay(SURE, { phone: UNSURE }), contextOf())), ["联网识别"]);
  });

  test("shows the orchard's class beside the relay's", () => {
    /** @type {RankedClass} */
    const orchard = { id: "own_1", probability: 0.43, basis: "few_photos", photos: 3 };
    const scan = byRelay(SURE, { shown: { source: "relay", prediction: SURE, orchard } });
    const card = answerCard(scan, contextOf({ taught: [{ id: "own_1", label: "怪虫" }] }));
    assert.match(String(card.orchard?.text), /怪虫.*43%/);
  });
});

describe("what stands in front", () => {
  test("a sure answer leads on to its page, one that is not to another photo", () => {
    assert.equal(answerCard(byPhone(SURE), contextOf()).main, "detail");
    assert.equal(answerCard(byPhone(UNSURE), contextOf()).main, "again");
    assert.equal(answerCard(scanOf({ state: "refused" }), contextOf()).main, "again");
    assert.equal(answerCard(scanOf({ state: "predicting" }), contextOf()).main, null);
  });

  test("an unsure title is never put as if it were sure", () => {
    assert.equal(answerCard(byPhone(SURE), contextOf()).lead, null);
    assert.equal(answerCard(byPhone(UNSURE), contextOf()).lead, "最像");
    assert.equal(answerCard(byPhone({ ...UNSURE, guild: { id: "scales", probability: 0.8 } }), contextOf()).lead, "多半是");
  });
});

describe("no answer yet", () => {
  test("says what is under way, for one photo and for several", () => {
    assert.match(String(answerCard(scanOf({ state: "predicting" }), contextOf()).busy), /这张照片/);
    assert.match(String(answerCard(scanOf({ state: "predicting", count: 4 }), contextOf()).busy), /4 张/);
    assert.equal(answerCard(scanOf({ state: "predicting" }), contextOf()).phase, "working");
  });

  test("says that the photos are safe while they wait", () => {
    const card = answerCard(scanOf({ state: "waiting", problem: "offline" }), contextOf());
    assert.deepEqual([card.phase, card.title], ["waiting", "照片已存好"]);
    assert.match(String(card.notice?.text), /有网后/);
  });

  test("gives the reason where waiting alone does not help", () => {
    const card = answerCard(scanOf({ state: "waiting", problem: "relay_domain", detail: "errno 600002" }), contextOf());
    assert.deepEqual([card.notice?.tone, card.notice?.detail], ["alarm", "errno 600002"]);
    assert.match(String(card.notice?.text), /合法域名/);
  });

  test("promises to send again only what is sent again", () => {
    const notice = (/** @type {Partial<Scan>} */ scan) => String(answerCard(scanOf(scan), contextOf()).notice?.text);
    assert.match(notice({ state: "waiting", problem: "relay_busy" }), /人太多.*会自动再发/);
    assert.doesNotMatch(notice({ state: "waiting", problem: "upload_declined" }), /自动/);
    assert.doesNotMatch(String(answerCard(byPhone(UNSURE, { problem: "relay_busy" }), contextOf()).notice?.text), /自动/);
  });

  test("that nobody is going to give says why, and offers another try", () => {
    const failed = scanOf({ state: "waiting", phoneProblem: "cannot_start", problem: "cannot_start" });
    for (const hasRelay of [true, false]) {
      const card = answerCard(failed, contextOf({ hasRelay }));
      assert.deepEqual([card.phase, card.title, card.main, card.can.retry, card.can.ask], ["stuck", "没认出来", "retry", true, hasRelay]);
      assert.match(String(card.notice?.text), /自己识别不了/);
      assert.doesNotMatch(String(card.notice?.text), /自动/);
    }
    assert.equal(answerCard({ ...failed, photos: [] }, contextOf()).can.retry, false);
  });

  test("that no phone like this can give names the system to update to, and no engine's words", () => {
    const detail = "the model's code cannot be started here (CompileError: can't get 0th Type's return value)";
    for (const phoneProblem of ["cannot_start", "engine_missing"]) {
      for (const scan of [scanOf({ state: "waiting", phoneProblem, problem: phoneProblem, detail }), scanOf({ state: "waiting", phoneProblem, problem: phoneProblem, detail, attempts: 1 })]) {
        assert.equal(answerCard(scan, contextOf()).notice?.detail, null);
      }
    }
    const { notice } = answerCard(scanOf({ state: "waiting", phoneProblem: "cannot_start", problem: "cannot_start", detail }), contextOf());
    assert.match(String(notice?.text), /苹果手机.*16\.4/);
  });

  test("that is on its way can be tried here too, but that does not come first", () => {
    const sent = scanOf({ state: "waiting", phoneProblem: "too_slow", problem: "too_slow", attempts: 1 });
    const card = answerCard(sent, contextOf());
    assert.deepEqual([card.phase, card.main, card.can.retry], ["waiting", "again", true]);
    assert.match(String(card.notice?.text), /自动再发/);
    assert.equal(answerCard(sent, contextOf({ hasRelay: false })).phase, "stuck");
    assert.equal(answerCard(scanOf({ state: "predicting", phoneProblem: null }), contextOf()).can.retry, false);
  });

  test("of a refused photo may be the relay's to give", () => {
    assert.equal(answerCard(scanOf({ state: "refused", problem: "photo_cut_off" }), contextOf()).can.ask, true);
    assert.equal(answerCard(scanOf({ state: "refused", problem: "photo_missing", photos: [] }), contextOf()).can.ask, false);
  });

  test("of a photo that cannot be read says why, and how to take another", () => {
    const card = answerCard(scanOf({ state: "refused", problem: "photo_cut_off" }), contextOf());
    assert.deepEqual([card.phase, card.notice?.tone], ["refused", "alarm"]);
    assert.match(String(card.notice?.text), /重新拍/);
    assert.equal(card.todo?.steps.length, 3);
    assert.equal(card.can.correct, false);
  });
});

test("every state makes a card in both languages, whatever was answered", () => {
  const answers = [
    SURE, UNSURE, predictionOf("not_mango_leaf", []), predictionOf("unsure", []),
    ...[0.01, 0.99].map((probability) => predictionOf("unsure", [["fruit_healthy", 0.5]], { part: "fruit", symptom: { probability, certain: true } })),
  ];
  /** @type {ScanState[]} */
  const states = ["predicting", "asking", "waiting", "answered", "refused"];
  for (const language of /** @type {const} */ (["zh", "en"])) {
    for (const state of states) {
      for (const prediction of answers) {
        const card = answerCard(byPhone(prediction, { state }), contextOf({ language }));
        assert.doesNotMatch(JSON.stringify(card), /\{\w+\}|undefined|\b(card|part|result|problem)\.\w/);
      }
    }
  }
});
