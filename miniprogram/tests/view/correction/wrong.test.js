// @ts-check
const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { answerCard } = require("../../../view/answer/answer.js");
const { csv } = require("../../../view/history/csv.js");
const { historyRow } = require("../../../view/history/history.js");
const { shareMessage } = require("../../../view/result/share.js");
const { chosenClass, feedbackFieldsOf, wrongGroups } = require("../../../view/result/wrong.js");
const { instanceOf, optionsOf } = require("../world/stage.js");
const { byPhone, catalog, contextOf, predictionOf } = require("../world/world.js");

const UNSURE = predictionOf("unsure", [["die_back", 0.5], ["own_1", 0.3]]);

describe("what it is instead", () => {
  /** @param {string} text @param {"zh" | "en"} [language] */
  const found = (text, language = "zh") => wrongGroups(text, contextOf({ language })).flatMap(({ rows }) => rows.map(({ id }) => id));

  test("is any class of the catalog, found by Chinese, English and Latin names, or unknown whatever is typed", () => {
    assert.equal(found("").length, catalog.classes.length + 1);
    for (const text of ["白粉病", "powdery", "Pseudoidium", "ｐｏｗｄｅｒｙ"]) assert.deepEqual(found(text).slice(0, 2), ["unknown", "powdery_mildew"], text);
    assert.deepEqual(found("一二三四五"), ["unknown"]);
  });

  test("is shown with its picture; what is not known cannot be taught", () => {
    assert.deepEqual(chosenClass("powdery_mildew", contextOf()), { id: "powdery_mildew", title: "白粉病", latin: "Pseudoidium anacardii", picture: "/symptoms/powdery_mildew.svg", canTeach: true });
    assert.deepEqual(chosenClass("unknown", contextOf({ language: "en" })), { id: "unknown", title: "I do not know", latin: "", picture: "", canTeach: false });
  });

  test("goes out with the answer and nothing else", () => {
    assert.deepEqual(feedbackFieldsOf(UNSURE, "unknown"), { label: "unknown", answer: "die_back", verdict: "unsure", model: "leaf-mini 0.1.0" });
  });
});

test("what the grower does not know is said in words everywhere, and in no title that is shared", () => {
  const scan = byPhone(UNSURE, { choice: "unknown" });
  const card = answerCard(scan, contextOf());
  assert.deepEqual(card.choice && [card.choice.text, card.choice.open], ["你看了，也不认识", ""]);
  assert.equal(historyRow(scan, contextOf()).choice, "你看了，也不认识");
  assert.match(csv([scan], contextOf()), /,不认识,/);
  assert.doesNotMatch(shareMessage(scan, contextOf().t, contextOf()).title, /不认识|unknown/);
});

describe("the page", () => {
  /** @param {{ days?: number | null, scan?: Scan, teachFails?: boolean, giveFails?: boolean }} [options] */
  async function opened({ days = 365, scan = byPhone(UNSURE), teachFails = false, giveFails = false } = {}) {
    /** @type {any[]} */
    const did = [];
    let now = scan;
    const context = contextOf();
    const services = {
      ...context, context: () => context, language: () => "zh", nameTabs() {}, open: () => Promise.resolve(), words: () => ({}), originals: new Map(),
      url: (/** @type {string} */ path) => path, problem: (/** @type {any} */ { code }) => ({ text: code }),
      screen: { painted: async (/** @type {(done: () => void) => void} */ set) => set(() => {}) },
      scanner: {
        get: () => now,
        setChoice: async (/** @type {string} */ _, /** @type {string} */ choice) => {
          did.push(["choice", choice]);
          now = { ...now, choice };
          return now;
        },
        feedback: {
          terms: async () => (days === null ? null : { relay: "https://relay.example", days }),
          give: async (/** @type {string} */ _, /** @type {any} */ fields, /** @type {any} */ terms, /** @type {string} */ photo) => {
            if (giveFails) throw Object.assign(new Error("full"), { code: "storage_full" });
            did.push(["give", fields.label, terms, photo]);
          },
        },
      },
      orchard: {
        teach: async (/** @type {string} */ id, /** @type {null} */ _, /** @type {string[]} */ photos) => {
          if (teachFails) throw Object.assign(new Error("known"), { code: "gallery_refuses" });
          did.push(["teach", id, photos.length]);
        },
      },
    };
    const all = /** @type {any} */ (globalThis);
    all.getApp = () => ({ services });
    all.wx = { setNavigationBarTitle() {}, getAppBaseInfo: () => ({}), pageScrollTo() {}, navigateBack: () => void did.push(["back"]) };
    const page = instanceOf(optionsOf("../../../pages/wrong/wrong.js", "Page"), services);
    page.onLoad({ scan: scan.id });
    page.onShow();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { page, did };
  }

  /** @param {any} page @param {string} id */
  const choose = (page, id) => page.choose({ detail: { id } });

  test("stores only the grower's choice without further consent", async () => {
    const { page, did } = await opened();
    choose(page, "anthracnose");
    assert.deepEqual([page.data.teach, page.data.send], [false, false]);
    await page.save();
    assert.deepEqual(did, [["choice", "anthracnose"], ["back"]]);
  });

  test("teaches and sends by two consents, each of which holds for one class and one photo", async () => {
    const scan = byPhone(UNSURE, { photos: ["0.jpg", "1.jpg"], count: 2 });
    const { page, did } = await opened({ scan });
    choose(page, "anthracnose");
    page.toggleTeach();
    page.toggleSend();
    page.change();
    choose(page, "die_back");
    assert.deepEqual([page.data.teach, page.data.send], [false, false]);
    page.toggleTeach();
    page.toggleSend();
    page.choosePhoto({ detail: { index: 1 } });
    assert.deepEqual([page.data.teach, page.data.send], [true, false], "another photo goes out only when that is agreed to");
    page.toggleSend();
    await page.save();
    assert.deepEqual(did, [["choice", "die_back"], ["teach", "die_back", 2], ["give", "die_back", { relay: "https://relay.example", days: 365 }, "1.jpg"], ["back"]]);
  });

  test("sends nothing that the relay does not take, or that was sent before, and teaches nothing unknown", async () => {
    const before = byPhone(UNSURE, { feedback: /** @type {any} */ ({ state: "sent" }) });
    for (const options of [{ days: null }, { scan: before }]) {
      const { page, did } = await opened(options);
      choose(page, "unknown");
      page.toggleTeach();
      page.toggleSend();
      await page.save();
      assert.deepEqual(did, [["choice", "unknown"], ["back"]]);
    }
  });

  test("keeps the choice where teaching or sending fails, says so, and teaches once", async () => {
    const refused = await opened({ teachFails: true });
    choose(refused.page, "anthracnose");
    refused.page.toggleTeach();
    refused.page.toggleSend();
    await refused.page.save();
    assert.deepEqual([refused.did, refused.page.data.problem.text, refused.page.data.working], [[["choice", "anthracnose"]], "gallery_refuses", ""]);
    const full = await opened({ giveFails: true });
    choose(full.page, "anthracnose");
    full.page.toggleTeach();
    full.page.toggleSend();
    await full.page.save();
    assert.equal(full.page.data.problem.text, "storage_full");
    await full.page.save();
    assert.deepEqual(full.did, [["choice", "anthracnose"], ["teach", "anthracnose", 1], ["choice", "anthracnose"]]);
  });
});
