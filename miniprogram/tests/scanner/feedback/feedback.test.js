"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { mayHaveArrived } = require("../../../scanner/feedback/arrival.js");
const { World } = require("../world/world.js");

/** @type {import("../../../scanner/relay/relay.js").FeedbackFields} */
const FIELDS = { label: "anthracnose", answer: "die_back", verdict: "confident", model: "phone 1.0.0" };

const TERMS = { relay: "https://relay.example", days: 365 };

/** A scan that is answered, and of which nothing was sent. */
async function answered() {
  const world = new World();
  // A provisional answer, so that the photo stays.
  world.settings = { ...world.settings, mode: "phone" };
  const { id } = await world.scan("unsure");
  await world.turns.all();
  const { photos } = world.get(id);
  const give = () => world.running(world.scanner.feedback.give(id, FIELDS, TERMS, `disk://${photos[0]}`));
  return { world, id, give, feedback: () => world.get(id).feedback };
}

/** The relay takes the next photo, and its answer is lost. @param {World} world */
function loseAnswer({ internet }) {
  internet.giving.push(() => {
    internet.giving.pop();
    internet.mood = "answer_lost";
  });
}

/** @param {World} world @param {() => number} [random] */
async function restart(world, random) {
  world.restart(random);
  await world.running(world.scanner.open());
}

/** @param {World} world @param {string} id */
const copyOf = (world, id) => world.disk.content.get(`scans/${id}/feedback.jpg`);

test("a photo is sent with the grower's label and without camera metadata; its code is kept and deletes it", async () => {
  const { world, id, give, feedback } = await answered();
  await give();
  assert.deepEqual([...world.internet.given], [["code1", { n: 0, ...FIELDS }]]);
  const { state, code, days, relay, picture } = /** @type {Feedback} */ (feedback());
  assert.deepEqual([state, code, days, relay, picture], ["sent", "code1", 365, "https://relay.example", null]);
  assert.equal(copyOf(world, id), undefined, "the copy has served");
  const before = world.get(id);
  await restart(world);
  assert.deepEqual(world.get(id), before);
  await world.running(world.scanner.feedback.takeBack(id));
  assert.deepEqual([world.internet.given.size, feedback()], [0, undefined]);
  await restart(world);
  assert.ok(!("feedback" in world.get(id)));
});

test("without network nothing is sent, it says so, and one tap more sends the photo, also after it was let go", async () => {
  const { world, id, give, feedback } = await answered();
  world.internet.set(false);
  await give();
  assert.deepEqual([feedback()?.state, feedback()?.problem], ["unsent", "offline"]);
  await restart(world);
  assert.equal(feedback()?.state, "unsent");
  world.internet.set(true);
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(world.get(id).photos, [], "the relay's answer is final");
  assert.deepEqual([feedback()?.state, world.internet.given.size], ["unsent", 0], "nothing goes by itself");
  await world.running(world.scanner.feedback.send(id));
  assert.deepEqual([feedback()?.state, world.internet.given.size], ["sent", 1]);
});

test("two taps send one photo", async () => {
  const { world, id, give } = await answered();
  world.internet.mood = "busy";
  await give();
  world.internet.mood = "up";
  await world.running(Promise.all([world.scanner.feedback.send(id), world.scanner.feedback.send(id)]));
  assert.equal(world.internet.given.size, 1);
  await assert.rejects(world.running(world.scanner.feedback.send(id)), { code: "bad_argument" });
  await assert.rejects(give(), { code: "bad_argument" });
  assert.equal(world.internet.given.size, 1);
});

test("after a lost answer the state is unclear, and only a tap sends the photo again", async () => {
  const { world, id, give, feedback } = await answered();
  loseAnswer(world);
  await give();
  assert.deepEqual([feedback()?.state, feedback()?.problem, world.internet.given.size], ["unclear", "relay_interrupted", 1]);
  world.internet.mood = "up";
  await world.settle();
  await restart(world);
  assert.deepEqual([feedback()?.state, world.internet.given.size], ["unclear", 1]);
  world.internet.set(false);
  await world.running(world.scanner.feedback.send(id));
  assert.equal(feedback()?.state, "unclear", "what may be there does not become unsent");
  world.internet.set(true);
  await world.running(world.scanner.feedback.send(id));
  assert.deepEqual([feedback()?.state, feedback()?.code], ["sent", "code2"]);
});

test("killed at any moment, nothing is sent twice and the record says what is known", async () => {
  for (let steps = 0; steps < 14; steps += 1) {
    for (const fate of [0, 1, 2]) {
      const { world, id, feedback } = await answered();
      const { photos } = world.get(id);
      world.scanner.feedback.give(id, FIELDS, TERMS, `disk://${photos[0]}`).catch(() => undefined);
      for (let step = 0; step < steps; step += 1) await world.turns.step();
      await restart(world, () => fate);
      await world.settle();
      const now = feedback();
      const there = world.internet.given.size;
      assert.ok(there <= 1);
      if (there === 1) assert.ok(now && (now.state === "sent" || now.state === "unclear"), `after ${steps} steps: ${JSON.stringify(now)}`);
      else assert.ok(!now || now.state === "unsent" || now.state === "unclear");
      if (!now) assert.equal(copyOf(world, id), undefined, "a copy that nobody agreed to send is swept out");
    }
  }
});

test("unsent feedback can be dropped, with its copy", async () => {
  const { world, id, give, feedback } = await answered();
  world.internet.mood = "refuses";
  await give();
  assert.deepEqual([feedback()?.state, feedback()?.problem], ["unsent", "feedback_closed"]);
  assert.ok(copyOf(world, id));
  await world.running(world.scanner.feedback.drop(id));
  assert.deepEqual([feedback(), copyOf(world, id)], [undefined, undefined]);
});

test("feedback that is dropped while it is prepared is not sent; while it is being sent it cannot be dropped", async () => {
  const outcomes = new Set();
  for (const sentBefore of [false, true]) {
    for (let steps = 0; steps < 12; steps += 1) {
      const { world, id, give, feedback } = await answered();
      if (sentBefore) loseAnswer(world);
      else world.internet.mood = "refuses";
      await give();
      world.internet.mood = "up";
      world.internet.given.clear();
      world.internet.feedbackAsked = [];
      const sending = world.scanner.feedback.send(id);
      sending.catch(() => undefined);
      for (let step = 0; step < steps; step += 1) await world.turns.step();
      const dropped = await world.running(world.scanner.feedback.drop(id).then(() => "dropped", ({ code }) => code));
      await world.running(sending);
      outcomes.add(dropped);
      if (dropped === "dropped") {
        assert.deepEqual([feedback(), copyOf(world, id), world.internet.given.size], [undefined, undefined, 0], `after ${steps} steps`);
        assert.ok(!world.internet.feedbackAsked.includes("POST"));
        await give();
      }
      assert.deepEqual([feedback()?.state, world.internet.given.size], ["sent", 1], `after ${steps} steps: ${dropped}`);
    }
  }
  assert.deepEqual([...outcomes].sort(), ["bad_argument", "dropped", "feedback_sending"]);
});

test("feedback that is given again at once, after it was dropped, keeps its copy and is sent once", async () => {
  const { world, id, give, feedback } = await answered();
  world.internet.mood = "refuses";
  await give();
  world.internet.mood = "up";
  const { feedback: actions } = world.scanner;
  actions.send(id).catch(() => undefined);
  actions.drop(id).catch(() => undefined);
  await give();
  assert.deepEqual([feedback()?.state, world.internet.given.size], ["sent", 1]);
});

test("a dropped attempt that still waits for the relay does not hold up the next one, nor change its record", async () => {
  const { world, id, give, feedback } = await answered();
  world.internet.set(false);
  await give();
  world.internet.set(true);
  world.internet.mood = "silent";
  world.scanner.feedback.send(id).catch(() => undefined);
  await world.turns.all();
  await world.running(world.scanner.feedback.drop(id));
  world.internet.mood = "up";
  await give();
  assert.equal(feedback()?.state, "sent");
  await world.settle();
  assert.deepEqual([feedback()?.state, world.internet.given.size], ["sent", 1]);
});

test("a consent holds for one relay and its days: nothing goes to another, or where it is kept longer", async () => {
  const { world, id, give, feedback } = await answered();
  const send = () => world.running(world.scanner.feedback.send(id));
  const outcome = () => [feedback()?.state, feedback()?.problem, world.internet.given.size];
  world.internet.set(false);
  await give();
  world.internet.set(true);
  await restart(world);
  assert.deepEqual([feedback()?.relay, feedback()?.days], [TERMS.relay, TERMS.days]);
  world.settings = { ...world.settings, relay: "https://other.example" };
  await send();
  assert.deepEqual([...outcome(), world.internet.feedbackAsked], ["unsent", "feedback_other_relay", 0, []]);
  world.settings = { ...world.settings, relay: TERMS.relay };
  world.internet.feedbackDays = 366;
  await send();
  assert.deepEqual(outcome(), ["unsent", "feedback_kept_longer", 0]);
  world.internet.feedbackDays = null;
  await send();
  assert.deepEqual(outcome(), ["unsent", "feedback_closed", 0]);
  assert.ok(!world.internet.feedbackAsked.includes("POST"));
  world.internet.feedbackDays = 30;
  await send();
  assert.deepEqual([...outcome(), feedback()?.days], ["sent", null, 1, 30]);
});

test("a photo that may have arrived stays unclear where the consent does not cover sending it again", async () => {
  const { world, id, give, feedback } = await answered();
  loseAnswer(world);
  await give();
  world.internet.mood = "up";
  world.internet.feedbackDays = 366;
  await restart(world);
  await world.running(world.scanner.feedback.send(id));
  assert.deepEqual([feedback()?.state, feedback()?.problem, world.internet.given.size], ["unclear", "feedback_kept_longer", 1]);
});

test("a record without the terms that were agreed to is not sent", async () => {
  const { world, id, give, feedback } = await answered();
  world.internet.set(false);
  await give();
  const path = `scans/${id}/scan.json`;
  const record = world.disk.json(path);
  world.disk.content.set(path, Uint8Array.from(Buffer.from(JSON.stringify({ ...record, feedback: { ...record.feedback, relay: null, days: null } }))));
  world.internet.set(true);
  await restart(world);
  await world.running(world.scanner.feedback.send(id));
  assert.deepEqual([feedback()?.state, feedback()?.problem, world.internet.given.size], ["unsent", "feedback_other_relay", 0]);
});

test("the code is kept if deletion fails, and removed if the relay has no such photo", async () => {
  const { world, id, give, feedback } = await answered();
  await give();
  const takeBack = () => world.running(world.scanner.feedback.takeBack(id));
  world.internet.set(false);
  await assert.rejects(takeBack(), { code: "offline" });
  world.internet.set(true);
  world.internet.mood = "busy";
  await assert.rejects(takeBack(), { code: "relay_busy" });
  world.internet.mood = "up";
  world.internet.feedbackDays = null;
  await assert.rejects(takeBack(), { code: "feedback_closed" });
  assert.equal(feedback()?.code, "code1");
  world.internet.feedbackDays = 365;
  world.internet.given.clear();
  await takeBack();
  assert.equal(feedback(), undefined);
});

test("a photo whose record is deleted while it is on its way is deleted at the relay too", async () => {
  const { world, id } = await answered();
  const { photos } = world.get(id);
  const giving = world.scanner.feedback.give(id, FIELDS, TERMS, `disk://${photos[0]}`);
  giving.catch(() => undefined);
  for (let step = 0; step < 50 && !world.internet.feedbackAsked.includes("POST"); step += 1) await world.turns.step();
  await world.running(world.scanner.remove(id));
  await world.running(giving);
  assert.deepEqual([world.internet.feedbackAsked, world.internet.given.size], [["GET", "POST", "DELETE"], 0]);
  await restart(world);
  assert.deepEqual([world.scanner.list(), world.disk.under(`scans/${id}`)], [[], []]);
});

test("a photo that cannot be made ready is not sent, and leaves no record", async () => {
  const { world, give, feedback } = await answered();
  world.shrinks = false;
  await assert.rejects(give(), { code: "picture_failed" });
  assert.deepEqual([feedback(), world.internet.feedbackAsked], [undefined, []]);
});

test("the relay's offer is remembered for when it cannot be asked, for that relay alone", async () => {
  const world = new World();
  const terms = () => world.running(world.scanner.feedback.terms());
  world.internet.set(false);
  assert.equal(await terms(), null);
  world.internet.set(true);
  assert.deepEqual(await terms(), TERMS);
  world.internet.set(false);
  await restart(world);
  assert.deepEqual(await terms(), TERMS);
  world.settings = { ...world.settings, relay: "https://other.example" };
  assert.equal(await terms(), null);
  world.internet.set(true);
  world.internet.feedbackDays = null;
  assert.equal(await terms(), null);
  world.settings = { ...world.settings, relay: "" };
  world.internet.feedbackAsked = [];
  assert.deepEqual([await terms(), world.internet.feedbackAsked], [null, []]);
});

test("failures after which a photo may have arrived are distinguished", () => {
  const cases = [
    ["offline", "", false], ["relay_busy", "HTTP 503", false], ["relay_certificate", "errno 600001", false], ["photo_damaged", "HTTP 422", false],
    ["relay_unreachable", "request:fail errcode:-106 cronet_error_code:-106, errno 600001", false],
    ["relay_unreachable", "request:fail errcode:-101 net::ERR_CONNECTION_RESET", true], ["relay_unreachable", "request:fail", true],
    ["too_slow", "", true], ["relay_interrupted", "", true], ["relay_broken", "HTTP 502", true],
  ];
  assert.equal(mayHaveArrived({ code: "relay_broken", mayBeKept: false }), false);
  assert.equal(mayHaveArrived({ code: "relay_busy", mayBeKept: true }), true);
  for (const [code, detail, may] of cases) assert.equal(mayHaveArrived({ code: String(code), detail: String(detail) }), may, `${code} ${detail}`);
});
