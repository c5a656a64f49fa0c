"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { photoOn, startPhone } = require("./world/phone.js");
const { buffer, picture } = require("./world/picture.js");

// On an iPhone, which interprets JavaScript, a message takes 0.4 s per megabyte of base64 and blocks the page.

/** Characters of names and short values around the bytes of a message. */
const AROUND = 300;

/** @param {...{ byteLength: number }} contents */
const base64 = (...contents) => contents.reduce((sum, { byteLength }) => sum + 4 * Math.ceil(byteLength / 3), 0);

/** Asserts what went to the worker since the last call. @param {{ workers: any }} phone @param {[string, number][]} expected */
function sent({ workers }, expected) {
  const messages = workers.traffic.splice(0);
  assert.deepEqual(messages.map(({ action }) => action), expected.map(([action]) => action));
  messages.forEach(({ action, sent: length }, at) => {
    const least = expected[at][1];
    assert.ok(length >= least && length <= least + AROUND, `${action} is ${length} characters, not ${least} and a few`);
  });
  return messages;
}

test("the model goes to the worker once, in one message of at most 1.25 MB", async (t) => {
  const phone = await startPhone(t);
  const { start } = await phone.store.bundle();
  const whole = base64(start.manifest, start.weights, start.catalog, ...start.galleries);
  assert.ok(whole <= 1_250_000, `${whole}`);
  await phone.model.ready();
  sent(phone, [["engine", 0], ["start", whole]]);
  t.diagnostic(`start: ${whole}`);
});

test("a photo goes as one buffer in one message, and so does each of six", async (t) => {
  const phone = await startPhone(t);
  await phone.model.ready();
  phone.workers.traffic.length = 0;
  const photos = [1, 2, 3, 4, 5, 6].map((seed) => buffer(picture(seed)));
  for (const photo of photos.slice(0, 2)) {
    await phone.model.predict([photo], { explain: true });
    const [{ answered }] = sent(phone, [["predict", base64(photo)]]);
    assert.ok(answered < 20_000, `the answer is ${answered} characters`);
  }
  await phone.model.predict(photos);
  sent(phone, [["predict", base64(...photos)]]);
  t.diagnostic(`a photo: ${base64(photos[0])}; six: ${base64(...photos)}`);
});

test("a lesson sends its photos once and the grower's gallery twice: before and after, and no other gallery", async (t) => {
  const phone = await startPhone(t, { keepTaught: true });
  await phone.model.ready();
  phone.workers.traffic.length = 0;
  const paths = [1, 2, 3, 4, 5, 6].map((seed) => photoOn(phone.disk, seed));
  const photos = [1, 2, 3, 4, 5, 6].map((seed) => buffer(picture(seed)));
  const gallery = () => ({ byteLength: phone.disk.content.get(phone.store.installed.now().orchard.file).length });
  await phone.orchard.teach("own_1", "x", paths.slice(0, 3));
  const first = gallery();
  sent(phone, [["teach", base64(...photos.slice(0, 3))], ["rankTaught", base64(first)]]);
  await phone.orchard.teach("own_1", "x", paths.slice(3));
  const messages = sent(phone, [["teach", base64(first, ...photos.slice(3))], ["rankTaught", base64(gallery())]]);
  t.diagnostic(`a lesson of three: ${messages.reduce((sum, { sent: length, answered }) => sum + length + answered, 0)}`);
  await phone.orchard.undo();
  sent(phone, [["rankTaught", base64(first)]]);
});

test("a worker that starts again gets the model and the grower's gallery once more, each once", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  const { start } = await phone.store.bundle();
  const taught = { byteLength: phone.disk.content.get(phone.store.installed.now().orchard.file).length };
  phone.workers.kill();
  phone.workers.traffic.length = 0;
  const photo = buffer(picture(1));
  await phone.model.predict([photo]);
  const whole = base64(start.manifest, start.weights, start.catalog, ...start.galleries);
  sent(phone, [["engine", 0], ["start", whole], ["rankTaught", base64(taught)], ["predict", base64(photo)]]);
});
