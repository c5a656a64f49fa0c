"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { photoOn, startPhone } = require("./world/phone.js");
const { buffer, picture } = require("./world/picture.js");

const photo = () => buffer(picture(1));
const code = (/** @type {string} */ expected) => (/** @type {any} */ error) => {
  assert.equal(error.code, expected, error.stack);
  return true;
};

test("the worker starts with the first photo, and answers", async (t) => {
  const phone = await startPhone(t);
  assert.equal(phone.model.state().status, "resting");
  assert.equal(phone.workers.made, 0);
  const seen = [];
  phone.model.subscribe(({ status }) => seen.push(status));
  const prediction = await phone.model.predict([photo()], { explain: true });
  assert.equal(prediction.model.name, "leaf-mini");
  assert.ok(prediction.classes.length > 8, "the package's gallery is ranked too");
  assert.equal(prediction.heatmap.values.length, prediction.heatmap.width * prediction.heatmap.height);
  assert.deepEqual(seen, ["starting", "ready"]);
  const { model, embedding, engine, reason } = phone.model.state();
  assert.deepEqual([model.name, reason, embedding.length], ["leaf-mini", null, 64]);
  assert.match(engine, /^\d+\.\d+\.\d+\+/);
});

test("six photos are one answer, and the order does not matter", async (t) => {
  const phone = await startPhone(t);
  const photos = [1, 2, 3, 4, 5, 6].map((seed) => buffer(picture(seed)));
  const [one, other] = [await phone.model.predict(photos, { explain: true }), await phone.model.predict(photos.slice().reverse())];
  assert.deepEqual(one, other);
  assert.equal(one.heatmap, undefined);
});

test("a faulty photo does not stop the worker", async (t) => {
  const phone = await startPhone(t);
  await assert.rejects(phone.model.predict([new ArrayBuffer(0)]), code("photo_empty"));
  await assert.rejects(phone.model.predict([buffer(Buffer.from("no photo"))]), code("not_a_photo"));
  await assert.rejects(phone.model.predict([buffer(picture(1).subarray(0, 400))]), (error) => /^photo_/.test(error.code));
  await phone.model.predict([photo()]);
  assert.equal(phone.workers.made, 1);
});

test("a worker that is killed while predicting is restarted, and the photo is answered", async (t) => {
  const phone = await startPhone(t);
  phone.workers.killOn.push("predict");
  assert.equal((await phone.model.predict([photo()])).model.name, "leaf-mini");
  assert.equal(phone.workers.made, 2);
});

test("a worker killed twice is unavailable until the next photo", async (t) => {
  const phone = await startPhone(t);
  phone.workers.killOn.push("predict", "predict");
  await assert.rejects(phone.model.predict([photo()]), code("model_unavailable"));
  assert.deepEqual([phone.model.state().status, phone.model.state().reason], ["failed", "model_unavailable"]);
  await phone.model.predict([photo()]);
  assert.equal(phone.model.state().status, "ready");
});

test("killed while it starts, it starts again", async (t) => {
  const phone = await startPhone(t);
  phone.workers.killOn.push("start");
  await phone.model.predict([photo()]);
  assert.equal(phone.workers.made, 2);
});

test("killed while nobody asks, it starts again with the next photo", async (t) => {
  const phone = await startPhone(t);
  await phone.model.predict([photo()]);
  phone.workers.kill();
  assert.equal(phone.model.state().status, "resting");
  await phone.model.predict([photo()]);
  assert.equal(phone.workers.made, 2);
});

test("after a crash of the model the worker is a fresh one", async (t) => {
  const phone = await startPhone(t);
  phone.workers.crashOn.push("predict");
  await phone.model.predict([photo()]);
  assert.equal(phone.workers.made, 2);
});

for (const wasm of /** @type {const} */ (["missing", "broken"])) {
  test(`wasm ${wasm}: cannot start, at once for the next photos, and tried again later`, async (t) => {
    const phone = await startPhone(t);
    phone.workers.wasm = wasm;
    await assert.rejects(phone.model.predict([photo()]), code("cannot_start"));
    await assert.rejects(phone.model.predict([photo()]), code("cannot_start"));
    assert.equal(phone.workers.made, 1);
    assert.deepEqual([phone.model.state().status, phone.model.state().reason], ["failed", "cannot_start"]);
    phone.workers.wasm = "sound";
    phone.clock.skip(6 * 60 * 1000);
    await phone.model.predict([photo()]);
  });
}

test("resetBackoff retries at once", async (t) => {
  const phone = await startPhone(t);
  phone.workers.wasm = "missing";
  await assert.rejects(phone.model.predict([photo()]), code("cannot_start"));
  phone.workers.wasm = "sound";
  phone.model.resetBackoff();
  assert.equal((await phone.model.ready()).status, "ready");
});

test("no worker available: cannot start", async (t) => {
  const phone = await startPhone(t);
  phone.workers.none = true;
  await assert.rejects(phone.model.predict([photo()]), code("cannot_start"));
});

test("a storage that cannot be read at the start costs neither the app nor what was taught", async (t) => {
  const before = await startPhone(t);
  await before.orchard.teach("own_1", "x", photoOn(before.disk, 1));
  const { disk } = before;
  disk.unreadable = (name) => name === "models/current.json";
  const phone = await startPhone(t, { disk });
  assert.equal((await phone.model.predict([buffer(picture(1))])).model.name, "leaf-mini");
  await assert.rejects(phone.orchard.teach("own_1", "x", photoOn(disk, 2)), code("file_failed"));
  disk.unreadable = () => false;
  phone.workers.kill();
  assert.equal((await phone.model.predict([buffer(picture(1))])).classes[0].id, "own_1");
  assert.deepEqual(phone.orchard.list().map(({ id }) => id), ["own_1"]);
});

test("weights that the packer dropped: the model is missing", async (t) => {
  const phone = await startPhone(t);
  phone.disk.unpackaged.add("model/leaf-mini.br");
  await assert.rejects(phone.model.predict([photo()]), code("model_missing"));
});

test("a photo that takes too long: too slow, and a fresh worker for the next", async (t) => {
  const phone = await startPhone(t, { deadlines: { predict: 200 } });
  await phone.model.ready();
  phone.workers.hangOn.push("predict");
  await assert.rejects(phone.model.predict([photo()]), code("too_slow"));
  assert.equal(phone.workers.running, 0, "it is not left at work");
  phone.workers.hangOn.length = 0;
  const patient = await startPhone(t);
  await patient.model.predict([photo()]);
});

test("a start that takes too long", async (t) => {
  const phone = await startPhone(t, { deadlines: { start: 200 } });
  phone.workers.hangOn.push("start");
  await assert.rejects(phone.model.predict([photo()]), code("too_slow"));
  assert.equal(phone.workers.running, 0);
});

test("concurrent calls run one after another, and a failure affects only its own call", async (t) => {
  const phone = await startPhone(t);
  const calls = [1, 0, 2, 3].map((seed) => phone.model.predict([seed === 0 ? new ArrayBuffer(0) : buffer(picture(seed))]));
  const results = await Promise.allSettled(calls);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  assert.equal(phone.workers.made, 1);
});

test("an idle worker is ended after two minutes", async (t) => {
  const phone = await startPhone(t);
  await phone.model.predict([photo()]);
  phone.clock.skip(2 * 60 * 1000);
  assert.deepEqual([phone.workers.running, phone.model.state().status], [0, "resting"]);
  await phone.model.predict([photo()]);
  assert.equal(phone.workers.made, 2);
});

test("phone and relay are reconciled as the crate says", async (t) => {
  const phone = await startPhone(t);
  const here = await phone.model.predict([photo()]);
  const there = { ...here, model: { name: "leaf-lite0", version: "0.2.0" } };
  const shown = await phone.model.reconcile(here, there, []);
  assert.deepEqual([shown.source, shown.prediction.model.name], ["relay", "leaf-lite0"]);
  const sure = { ...here, verdict: /** @type {const} */ ("confident") };
  assert.equal((await phone.model.reconcile(sure, there, [here.classes[0].id])).source, "phone");
});
