"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { within } = require("../../../scanner/basics/deadline.js");
const { openLink } = require("../../../scanner/phone/model/worker-link.js");
const { Time } = require("../world/time.js");
const { Life, breathe } = require("../world/turns.js");

function phone() {
  const time = new Time();
  const clock = time.clockOf(new Life());
  let answer = (/** @type {any} */ _) => {};
  /** @type {any[]} */
  const posted = [];
  const workers = {
    create: () => ({
      post: (/** @type {any} */ message) => void posted.push(message),
      onMessage: (/** @type {(message: any) => void} */ listener) => void (answer = listener),
      onKilled() {},
      terminate() {},
    }),
  };
  const link = openLink(workers, clock, () => {});
  return { time, clock, link, answer: (/** @type {any} */ message) => answer(message), posted };
}

/** @param {Promise<any>} promise @returns {{ value: any }} what it came to so far */
function watched(promise) {
  const outcome = { value: undefined };
  promise.then((value) => void (outcome.value = value), (error) => void (outcome.value = error.code));
  return outcome;
}

test("an answer that came while the app was in the background is taken", async () => {
  const { time, link, answer, posted } = phone();
  const outcome = watched(link.call("predict", {}, 15000));
  await time.sleep(60000);
  answer({ id: posted[0].id, result: "leaf" });
  await breathe();
  assert.equal(outcome.value, "leaf");
});

test("an answer missing after the extension is too slow", async () => {
  const { time, link } = phone();
  const outcome = watched(link.call("predict", {}, 15000));
  await time.sleep(60000);
  assert.equal(outcome.value, undefined);
  await time.pass(14999);
  assert.equal(outcome.value, undefined);
  await time.pass(1);
  assert.equal(outcome.value, "too_slow");
});

test("in the foreground the deadline holds, and an answer ends it", async () => {
  const { time, clock, link, answer, posted } = phone();
  const slow = watched(link.call("predict", {}, 15000));
  await time.pass(15000);
  assert.equal(slow.value, "too_slow");
  const quick = watched(link.call("predict", {}, 15000));
  answer({ id: posted[1].id, result: "leaf" });
  await breathe();
  assert.deepEqual([quick.value, time.alarms.length], ["leaf", 0]);
  const lost = watched(within(clock, 90000, new Promise(() => {}), () => Object.assign(new Error(), { code: "too_slow" })));
  await time.sleep(3600000);
  assert.equal(lost.value, undefined);
  await time.pass(90000);
  assert.equal(lost.value, "too_slow");
});
