// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { feedbackNote, givenAway } = require("../../../view/result/feedback-note.js");
const { byPhone, contextOf, predictionOf } = require("../world/world.js");

const AT = new Date(2026, 10, 30, 9).getTime();
const NOW = AT + 60_000;

/** @param {Partial<Feedback>} changes */
function given(changes) {
  /** @type {Feedback} */
  const feedback = {
    state: "unsent", label: "anthracnose", answer: "die_back", verdict: "unsure", model: "leaf-mini 0.2.0", at: AT,
    picture: "scans/x/feedback.jpg", problem: null, code: null, days: null, relay: null, ...changes,
  };
  return byPhone(predictionOf("unsure", [["die_back", 0.5]]), { feedback });
}

/** @param {Partial<Feedback>} changes @param {Partial<ViewContext>} [context] */
function noteOf(changes, context) {
  const note = feedbackNote(given(changes), NOW, contextOf(context));
  assert.ok(note);
  return { ...note, actions: note.actions.map(({ id }) => id) };
}

test("there is no note without feedback", () => {
  assert.equal(feedbackNote(byPhone(predictionOf("unsure", [["die_back", 0.5]])), NOW, contextOf()), null);
});

test("what was sent names the class, the day and how long it is kept, and can be taken back", () => {
  const sent = /** @type {const} */ ({ state: "sent", code: "abc", days: 365, relay: "https://relay.example", picture: null });
  assert.deepEqual(noteOf(sent), { text: "照片今天发出去了，你选的是“炭疽病”。最多存 365 天。", tone: "sure", glyph: "check", settled: true, actions: ["takeBack"] });
  assert.match(noteOf({ ...sent, label: "unknown" }).text, /不认识/);
  assert.match(noteOf(sent, { language: "en" }).text, /Today.*Anthracnose.*365 days/);
});

test("what was not sent says why, and can be tried again or dropped; without its copy it can be dropped alone", () => {
  assert.deepEqual(noteOf({ problem: "offline" }), { text: "照片没有发出去：没有网络", tone: "unsure", glyph: "clock", settled: false, actions: ["send", "drop"] });
  assert.match(noteOf({ problem: "relay_refused" }).text, /没有收下/);
  assert.deepEqual(noteOf({ problem: "photo_missing", picture: null }).actions, ["drop"]);
  assert.match(noteOf({ problem: null }).text, /还没有发/);
});

test("what may have arrived says that it may be there twice", () => {
  const { text, actions } = noteOf({ state: "unclear", problem: "too_slow" });
  assert.match(text, /撤不回来.*运营者.*可能会有两份/);
  assert.match(noteOf({ state: "unclear", problem: "too_slow" }, { language: "en" }).text, /cannot be taken back from here: ask whoever runs/);
  assert.deepEqual(actions, ["send", "drop"]);
  assert.deepEqual(noteOf({ state: "sending" }).actions, []);
});

test("what the consent does not cover is said in both languages, also where an earlier sending is unclear", () => {
  for (const state of /** @type {const} */ (["unsent", "unclear"])) {
    assert.match(noteOf({ state, problem: "feedback_other_relay" }).text, /另一个地址.*没有同意.*不发了.*认错了/);
    assert.match(noteOf({ state, problem: "feedback_kept_longer" }).text, /存得更久.*没有同意/);
    assert.match(noteOf({ state, problem: "feedback_other_relay" }, { language: "en" }).text, /another address.*not agreed/);
    assert.match(noteOf({ state, problem: "feedback_kept_longer" }, { language: "en" }).text, /kept longer.*not agreed/);
  }
});

test("photos that are elsewhere are counted before records go", () => {
  const scans = [given({ state: "sent" }), given({ state: "unclear" }), given({ state: "unsent" }), byPhone(predictionOf("unsure", [["die_back", 0.5]]))];
  assert.equal(givenAway(scans), 2);
});
