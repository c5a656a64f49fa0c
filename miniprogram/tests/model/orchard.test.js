"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { Disk } = require("./world/disk.js");
const { photoOn, startPhone } = require("./world/phone.js");
const { buffer, picture } = require("./world/picture.js");

const code = (/** @type {string} */ expected) => (/** @type {any} */ error) => {
  assert.equal(error.code, expected, error.stack);
  return true;
};
const counts = (/** @type {any} */ { orchard }) => Object.fromEntries(orchard.list().map(({ id, photos }) => [id, photos.length]));
const first = async (/** @type {any} */ { model }, /** @type {number} */ seed) => (await model.predict([buffer(picture(seed))])).classes[0];

test("what was taught is ranked, survives a restart, and is undone", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "红蜘蛛", photoOn(phone.disk, 1));
  assert.equal(phone.workers.made, 1);
  assert.deepEqual(counts(phone), { own_1: 1 });
  const [{ label, photos }] = phone.orchard.list();
  assert.equal(label, "红蜘蛛");
  assert.match(photos[0].picture, /^disk:\/\/orchard\/photos\/[0-9a-f]{64}\.jpg$/);
  assert.deepEqual(await first(phone, 1).then(({ id, basis, photos: n }) => [id, basis, n]), ["own_1", "few_photos", 1]);
  assert.deepEqual(phone.store.taught(), ["own_1"]);

  const again = await startPhone(t, { disk: phone.disk });
  assert.deepEqual(counts(again), { own_1: 1 });
  assert.equal((await first(again, 1)).id, "own_1");

  assert.equal(again.orchard.canUndo(), true);
  assert.equal(await again.orchard.undo(), true);
  assert.deepEqual(counts(again), {});
  assert.notEqual((await first(again, 1)).id, "own_1");
  assert.deepEqual(again.disk.names().filter((name) => name.startsWith("orchard")), [], "the copy went with it");
  assert.equal(await again.orchard.undo(), false);
});

test("several photos are taught, and undone, as one", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("anthracnose", null, photoOn(phone.disk, 9));
  await phone.orchard.teach("own_1", "x", [1, 2, 3].map((seed) => photoOn(phone.disk, seed)));
  assert.deepEqual(counts(phone), { anthracnose: 1, own_1: 3 });
  await phone.orchard.undo();
  assert.deepEqual(counts(phone), { anthracnose: 1 });
});

test("photos and classes are removed, and that is undone too", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", [1, 2].map((seed) => photoOn(phone.disk, seed)));
  await phone.orchard.teach("own_2", "y", photoOn(phone.disk, 3));
  const [{ photos }] = phone.orchard.list();
  await phone.orchard.remove(photos[0].key);
  assert.deepEqual(counts(phone), { own_1: 1, own_2: 1 });
  await phone.orchard.removeClass("own_1");
  assert.deepEqual(counts(phone), { own_2: 1 });
  await phone.orchard.undo();
  assert.deepEqual(counts(phone), { own_1: 1, own_2: 1 });
  await phone.orchard.removeClass("own_2");
  await phone.orchard.remove(phone.orchard.list()[0].photos[0].key);
  assert.deepEqual(counts(phone), {});
  await phone.orchard.undo();
  assert.deepEqual(counts(phone), { own_1: 1 });
  await phone.orchard.removeAll();
  assert.deepEqual([counts(phone), phone.orchard.canUndo()], [{}, false]);
  assert.deepEqual(phone.disk.names().filter((name) => name.startsWith("orchard")), []);
});

test("a photo cannot be taught as two classes, and teaching it twice adds it once", async (t) => {
  const phone = await startPhone(t);
  const photo = photoOn(phone.disk, 1);
  await phone.orchard.teach("own_1", "x", photo);
  await phone.orchard.teach("own_1", "x", photo);
  await assert.rejects(phone.orchard.teach("own_2", "y", photo), code("gallery_refuses"));
  await assert.rejects(phone.orchard.teach("own_1", "x", "wxfile://tmp/none"), code("not_found"));
  await assert.rejects(phone.orchard.teach("own_1", "x", []), code("bad_argument"));
  phone.disk.outside.set("wxfile://tmp/text", Buffer.from("no photo"));
  await assert.rejects(phone.orchard.teach("own_1", "x", "wxfile://tmp/text"), code("not_a_photo"));
  assert.deepEqual(counts(phone), { own_1: 1 });
});

test("without consent no picture is kept; withdrawing it removes the kept ones", async (t) => {
  const phone = await startPhone(t, { keepTaught: false });
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  assert.equal(phone.orchard.list()[0].photos[0].picture, null);
  await phone.settings.set({ keepTaught: true });
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 2));
  assert.equal(phone.orchard.list()[0].photos.filter(({ picture: kept }) => kept).length, 1);
  await phone.settings.set({ keepTaught: false });
  await new Promise(setImmediate);
  assert.deepEqual(phone.disk.names().filter((name) => name.endsWith(".jpg")), []);
  assert.deepEqual(counts(phone), { own_1: 2 });
});

test("a photo of a scan is taught from the scan's folder", async (t) => {
  const phone = await startPhone(t, { keepTaught: false });
  phone.disk.content.set("scans/1/0.jpg", picture(5));
  await phone.orchard.teach("own_1", "x", "scans/1/0.jpg");
  phone.disk.content.set("scans/1/1.jpg", picture(6));
  await phone.orchard.teach("own_1", "x", phone.files.url("scans/1/1.jpg"));
  assert.deepEqual(counts(phone), { own_1: 2 });
});

test("an export is imported by another phone; what was there is replaced only on demand", async (t) => {
  const [one, other] = [await startPhone(t), await startPhone(t)];
  await assert.rejects(one.orchard.exportFile(), code("nothing_taught"));
  await one.orchard.teach("own_1", "红蜘蛛", photoOn(one.disk, 1));
  const exported = await one.orchard.exportFile();
  const path = "wxfile://tmp/mango-orchard.gallery";
  other.disk.outside.set(path, one.disk.content.get(exported.replace("disk://", "")));
  await other.orchard.teach("own_7", "y", photoOn(other.disk, 2));
  await assert.rejects(other.orchard.importFile(path), code("orchard_not_empty"));
  assert.deepEqual(counts(other), { own_7: 1 });
  await other.orchard.importFile(path, { replace: true });
  assert.deepEqual([counts(other), other.orchard.list()[0].label], [{ own_1: 1 }, "红蜘蛛"]);
  assert.equal((await first(other, 1)).id, "own_1");
  await other.orchard.undo();
  assert.deepEqual(counts(other), { own_7: 1 });
});

test("a file that is not a gallery, or belongs to another model, changes nothing", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  phone.disk.outside.set("wxfile://tmp/a", Buffer.from("nothing"));
  await assert.rejects(phone.orchard.importFile("wxfile://tmp/a", { replace: true }), code("bad_gallery"));
  const { modelFiles } = require("./world/relay.js");
  phone.disk.outside.set("wxfile://tmp/b", modelFiles("leaf-lite0").gallery);
  await assert.rejects(phone.orchard.importFile("wxfile://tmp/b", { replace: true }), code("other_model"));
  assert.deepEqual(counts(phone), { own_1: 1 });
  assert.equal((await first(phone, 1)).id, "own_1");
});

test("a full phone: what was taught before stays, and is still ranked", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  phone.disk.full = (name) => name.endsWith(".gallery") || name.endsWith("current.json");
  await assert.rejects(phone.orchard.teach("own_2", "y", photoOn(phone.disk, 2)), code("storage_full"));
  assert.deepEqual(counts(phone), { own_1: 1 });
  assert.equal((await first(phone, 1)).id, "own_1");
  assert.equal((await phone.model.predict([buffer(picture(2))])).classes.find(({ id }) => id === "own_2"), undefined);
});

test("a worker killed while it is taught is taught again", async (t) => {
  const phone = await startPhone(t);
  phone.workers.killOn.push("teach");
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  phone.workers.killOn.push("rankTaught");
  await phone.orchard.teach("own_2", "y", photoOn(phone.disk, 2));
  assert.deepEqual([(await first(phone, 1)).id, (await first(phone, 2)).id], ["own_1", "own_2"]);
});

test("the app killed at any change of the disk: as before or as after, and it goes on", async (t) => {
  const before = await startPhone(t);
  await before.orchard.teach("own_1", "x", photoOn(before.disk, 1));
  await before.orchard.teach("own_1", "x", photoOn(before.disk, 2));
  const content = new Map(before.disk.content);
  const outcomes = new Set();
  for (let at = 1; ; at += 1) {
    const disk = new Disk();
    disk.content = new Map(content);
    const killed = await startPhone(t, { disk });
    disk.changes = 0;
    disk.killAt = at;
    const photo = photoOn(disk, 3);
    const done = await Promise.race([killed.orchard.teach("own_2", "y", photo).then(() => true), killed.death.then(() => false)]);
    disk.killAt = Infinity;
    const next = await startPhone(t, { disk });
    const found = counts(next);
    assert.ok(found.own_2 === undefined || found.own_2 === 1);
    assert.equal(found.own_1, 2, `killed at ${at}`);
    outcomes.add(found.own_2 || 0);
    assert.equal((await first(next, 1)).id, "own_1");
    assert.deepEqual(unnamed(disk), [], "nothing is left over");
    if (done) break;
  }
  assert.deepEqual(Array.from(outcomes).sort(), [0, 1]);
});

test("the gallery is recovered if the file that names it is damaged", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  phone.disk.content.set("models/current.json", Buffer.from("{\"format\":"));
  const next = await startPhone(t, { disk: phone.disk });
  assert.deepEqual(counts(next), {}, "nobody has looked into it yet");
  await next.orchard.mend();
  assert.deepEqual(counts(next), { own_1: 1 });
  assert.equal((await first(next, 1)).id, "own_1");
});

/** Galleries and pictures that nothing names. */
function unnamed(disk) {
  const { orchard, undo } = disk.json("models/current.json");
  const named = [orchard, undo && undo.orchard].filter(Boolean);
  const keys = named.flatMap(({ classes }) => classes.flatMap(({ photos }) => photos));
  const used = new Set(named.map(({ file }) => file).concat(keys.map((key) => `orchard/photos/${key}.jpg`)));
  return disk.names().filter((name) => name.startsWith("orchard/") && !used.has(name));
}
