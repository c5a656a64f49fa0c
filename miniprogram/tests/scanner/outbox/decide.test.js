"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { nextStep } = require("../../../scanner/outbox/decide.js");
const { newScan } = require("../../../scanner/scans/record.js");

/** @param {Prediction["verdict"]} verdict @returns {Prediction} */
const says = (verdict) => ({
  model: { name: "leaf-mini", version: "0.1.0" },
  verdict,
  classes: [{ id: "anthracnose", probability: 0.8, basis: "trained" }],
});

/** @param {Partial<Scan>} fields @returns {Scan} */
const scan = (fields) => ({ ...newScan("001777593600000-abcdef", "waiting", ["scans/x/0.jpg"]), ...fields });

/** @type {import("../../../scanner/outbox/decide.js").Circumstances} */
const usual = { mode: "automatic", relay: true, online: true, consent: "unknown", wait: 0 };

/** @type {[string, Partial<Scan>, Partial<typeof usual>, object][]} */
const cases = [
  ["automatic: the phone is asked first", {}, {}, { do: "predict" }],
  ["automatic: confident is enough", { phone: says("confident") }, {}, { do: "settle", problem: null }],
  ["automatic: so is not-a-leaf", { phone: says("not_mango_leaf") }, {}, { do: "settle", problem: null }],
  ["automatic: unsure is sent", { phone: says("unsure") }, {}, { do: "send" }],
  ["automatic: what the phone fails at needs consent", { phoneProblem: "panic" }, {}, { do: "ask_consent" }],
  ["automatic: with consent it is sent", { phoneProblem: "panic" }, { consent: "granted" }, { do: "send" }],
  ["automatic: without it stays", { phoneProblem: "panic" }, { consent: "declined" }, { do: "hold", problem: "upload_declined" }],
  ["automatic: unsure needs no consent", { phone: says("unsure") }, { consent: "declined" }, { do: "send" }],
  ["offline: it waits", { phone: says("unsure") }, { online: false }, { do: "stay", problem: "offline", wait: null }],
  ["not yet: it waits", { phone: says("unsure"), problem: "relay_busy" }, { wait: 7 }, { do: "stay", problem: "relay_busy", wait: 7 }],
  ["no address: the phone's answer has to do", { phone: says("unsure") }, { relay: false }, { do: "settle", problem: "no_relay" }],
  ["no address, no answer: it waits, and says why the phone has none", { phoneProblem: "panic" }, { relay: false }, { do: "stay", problem: "panic", wait: null }],
  ["no address: confident is no problem", { phone: says("confident") }, { relay: false }, { do: "settle", problem: null }],
  ["phone: the phone is asked", {}, { mode: "phone" }, { do: "predict" }],
  ["phone: unsure stays here", { phone: says("unsure") }, { mode: "phone" }, { do: "settle", problem: null }],
  ["phone: a failure waits", { phoneProblem: "panic" }, { mode: "phone", consent: "granted" }, { do: "stay", problem: "panic", wait: null }],
  ["phone: what the grower wants is sent", { phone: says("unsure"), wanted: true }, { mode: "phone" }, { do: "send" }],
  ["wanted: a confident answer is sent too", { phone: says("confident"), wanted: true }, {}, { do: "send" }],
  ["wanted: that is consent", { phoneProblem: "panic", wanted: true }, { consent: "declined" }, { do: "send" }],
  ["relay: the relay is first", {}, { mode: "relay" }, { do: "send" }],
  ["relay: that is consent", { phoneProblem: "panic" }, { mode: "relay", consent: "declined" }, { do: "send" }],
  ["relay: confident is provisional", { phone: says("confident") }, { mode: "relay" }, { do: "send" }],
  ["relay: offline the phone goes ahead", {}, { mode: "relay", online: false }, { do: "predict" }],
  ["relay: out of reach the phone goes ahead", { attempts: 1 }, { mode: "relay", wait: 7 }, { do: "predict" }],
  ["relay: before the first try a busy relay is waited for", {}, { mode: "relay", wait: 7 }, { do: "stay", problem: null, wait: 7 }],
  ["relay without address: as the phone alone", {}, { mode: "relay", relay: false }, { do: "predict" }],
  ["held: the phone's answer has to do", { phone: says("unsure"), held: true }, {}, { do: "settle", problem: null }],
  ["held without answer: it waits", { phoneProblem: "panic", held: true, problem: "cancelled" }, {}, { do: "stay", problem: "cancelled", wait: null }],
  ["held before the phone was asked: it is", { held: true, problem: "cancelled" }, { mode: "relay" }, { do: "predict" }],
];

for (const [name, fields, circumstances, step] of cases) {
  test(name, () => assert.deepEqual(nextStep(scan(fields), { ...usual, ...circumstances }), step));
}

const anyScan = fc.record({
  phone: fc.constantFrom(null, says("confident"), says("unsure"), says("not_mango_leaf")),
  phoneProblem: fc.constantFrom(null, "panic"),
  wanted: fc.boolean(),
  held: fc.boolean(),
  attempts: fc.nat(3),
});
const anyCircumstances = fc.record({
  mode: fc.constantFrom("automatic", "phone", "relay"),
  relay: fc.boolean(),
  online: fc.boolean(),
  consent: fc.constantFrom("granted", "declined", "unknown"),
  wait: fc.nat(2),
});

test("nothing is sent against the grower's choice or without a relay", () => {
  fc.assert(
    fc.property(anyScan, anyCircumstances, (/** @type {any} */ fields, /** @type {any} */ now) => {
      const step = nextStep(scan(fields), now);
      if (step.do !== "send") return;
      assert.ok(now.relay && now.online && now.wait === 0);
      assert.ok(!fields.held);
      assert.ok(now.mode !== "phone" || fields.wanted);
      const onlyBecauseItFailed = now.mode === "automatic" && !fields.wanted && !fields.phone;
      assert.ok(!onlyBecauseItFailed || now.consent === "granted");
    }),
  );
});

test("the phone is asked at most once", () => {
  fc.assert(
    fc.property(anyScan, anyCircumstances, (/** @type {any} */ fields, /** @type {any} */ now) => {
      const step = nextStep(scan(fields), now);
      if (step.do === "predict") assert.ok(!fields.phone && !fields.phoneProblem);
      if (step.do === "settle") assert.ok(fields.phone);
    }),
  );
});
