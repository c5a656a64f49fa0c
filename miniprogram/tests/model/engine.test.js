"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { photoOn, startPhone } = require("./world/phone.js");
const { buffer, picture } = require("./world/picture.js");

// Phones whose engine takes no SIMD: iOS before 16.4, WeChat before 8.0.25. A real engine of that kind runs the module in
// wasm/tests/packed/scalar.test.js.

const photo = () => buffer(picture(1));
const code = (/** @type {string} */ expected) => (/** @type {any} */ error) => {
  assert.equal(error.code, expected, error.stack);
  return true;
};

/** @param {import("node:test").TestContext} t @param {object} [options] */
async function phoneWithoutSimd(t, options) {
  const phone = await startPhone(t, options);
  phone.workers.wasm = "no_simd";
  return phone;
}

test("a phone that takes the first module fetches no other", async (t) => {
  const phone = await startPhone(t);
  await phone.model.predict([photo()]);
  assert.equal(phone.packages.fetched, 0);
});

test("without SIMD the sub-package is fetched, and its module answers as the first one does", async (t) => {
  const [phone, other] = [await phoneWithoutSimd(t), await startPhone(t)];
  const [found, expected] = [await phone.model.predict([photo()], { explain: true }), await other.model.predict([photo()], { explain: true })];
  assert.equal(phone.packages.fetched, 1);
  assert.equal(found.verdict, expected.verdict);
  const byId = new Map(found.classes.map((/** @type {RankedClass} */ { id, probability }) => [id, probability]));
  assert.equal(byId.size, expected.classes.length);
  for (const { id, probability } of expected.classes) {
    assert.ok(Math.abs(byId.get(id) - probability) <= 1e-3, `${id}: ${byId.get(id)} is not ${probability}`);
  }
  assert.equal(found.heatmap.values.length, expected.heatmap.values.length);
});

test("the module that ran is taken at once from then on, and the model's files are sent once", async (t) => {
  const phone = await phoneWithoutSimd(t);
  await phone.model.predict([photo()]);
  assert.deepEqual(phone.workers.asked, ["engine", "engine", "start", "predict"]);
  phone.workers.kill();
  await phone.model.predict([photo()]);
  assert.deepEqual(phone.workers.asked.slice(4), ["engine", "start", "predict"]);
  assert.equal(phone.packages.fetched, 1);
});

test("teaching works without SIMD too", async (t) => {
  const phone = await phoneWithoutSimd(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  assert.equal((await phone.model.predict([photo()])).classes[0].id, "own_1");
});

test("without network the sub-package is missing, and is fetched by a later try", async (t) => {
  const phone = await phoneWithoutSimd(t);
  phone.packages.network = "offline";
  await assert.rejects(phone.model.predict([photo()]), code("engine_missing"));
  assert.deepEqual([phone.model.state().status, phone.model.state().reason], ["failed", "engine_missing"]);
  phone.packages.network = "there";
  phone.model.resetBackoff();
  await phone.model.predict([photo()]);
});

test("a fetch that never ends is given up", async (t) => {
  const phone = await phoneWithoutSimd(t, { deadlines: { fetch: 100 } });
  phone.packages.network = "silent";
  await assert.rejects(phone.model.predict([photo()]), code("engine_missing"));
  assert.equal(phone.workers.running, 0, "the worker is not left behind");
});

test("if neither module runs the model cannot start, and both are retried later", async (t) => {
  const phone = await startPhone(t);
  phone.workers.wasm = "broken";
  await assert.rejects(phone.model.predict([photo()]), code("cannot_start"));
  assert.deepEqual(phone.workers.asked, ["engine", "engine"]);
  phone.workers.wasm = "sound";
  phone.model.resetBackoff();
  await phone.model.predict([photo()]);
  assert.deepEqual(phone.workers.asked.slice(2), ["engine", "start", "predict"]);
});
