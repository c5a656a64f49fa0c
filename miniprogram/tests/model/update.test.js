"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { Disk } = require("./world/disk.js");
const { photoOn, startPhone } = require("./world/phone.js");
const { buffer, picture } = require("./world/picture.js");
const { modelFiles, relayWith } = require("./world/relay.js");

/** Versions: of the package's model, of two after it, and of the other network. */
const shipped = (/** @type {string} */ name) => JSON.parse(String(modelFiles(name).manifest)).model.version;
const PACKAGED = shipped("leaf-mini");
const [NEWER, NEWEST] = ["99.0.1", "99.0.2"];
const LARGER = shipped("leaf-lite0");

const code = (/** @type {string} */ expected, /** @type {RegExp} */ words = /./) => (/** @type {any} */ error) => {
  assert.equal(error.code, expected, error.stack);
  assert.match(error.message, words);
  return true;
};
const predict = (/** @type {any} */ { model }, /** @type {number} */ seed) => model.predict([buffer(picture(seed))]);
const version = async (/** @type {any} */ phone) => (await predict(phone, 1)).model.version;
const counts = (/** @type {any} */ { orchard }) => Object.fromEntries(orchard.list().map(({ id, photos }) => [id, photos.length]));

/** The package's network with another calibration: the same embedding, other answers. */
const recalibrated = () =>
  modelFiles("leaf-mini", (manifest) => {
    manifest.model.version = NEWER;
    manifest.calibration.temperature *= 3;
    manifest.few_photos.temperature *= 3;
  });

/** Another network, hence another embedding. */
const otherNetwork = () => modelFiles("leaf-lite0");

test("new weights of the same embedding are taken, with what was taught, and stay after a restart", async (t) => {
  const relay = await relayWith(t, recalibrated());
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  const before = await predict(phone, 2);
  assert.deepEqual(await phone.updater.update(relay), { updated: true });
  const after = await predict(phone, 2);
  assert.deepEqual([before.model.version, after.model.version], [PACKAGED, NEWER]);
  assert.notDeepEqual(after.classes, before.classes);
  assert.equal((await predict(phone, 1)).classes[0].id, "own_1");
  assert.equal(phone.model.state().model.version, NEWER);
  assert.equal(phone.orchard.canUndo(), true);

  const again = await startPhone(t, { disk: phone.disk });
  assert.deepEqual(await predict(again, 2), after);
  assert.deepEqual(await again.updater.update(relay), { updated: false });
  assert.deepEqual(relay.downloaded, ["manifest", "weights", "gallery"], "the relay said that nothing changed");
});

test("the packaged model is not downloaded", async (t) => {
  const phone = await startPhone(t);
  const files = modelFiles("leaf-mini");
  files.manifest = Buffer.from(await phone.files.readPackaged("model/leaf-mini.json.br"));
  files.gallery = Buffer.from(await phone.files.readPackaged("model/mango-pests.br"));
  const relay = await relayWith(t, files);
  assert.deepEqual(await phone.updater.update(relay), { updated: false });
  assert.deepEqual([relay.downloaded, phone.store.installed.now().model], [[], null]);
  assert.deepEqual(await relay.deviceModel(phone.store.installed.now().etag), { changed: false });
});

test("the next model takes the last one's place on the disk", async (t) => {
  const phone = await startPhone(t);
  await phone.updater.update(await relayWith(t, recalibrated()));
  const later = modelFiles("leaf-mini", (manifest) => {
    manifest.model.version = NEWEST;
  });
  await phone.updater.update(await relayWith(t, later));
  assert.equal(await version(phone), NEWEST);
  const folders = new Set(phone.disk.names().map((name) => name.split("/").slice(0, 2).join("/")));
  assert.equal(Array.from(folders).filter((name) => /^models\/[0-9a-f]{16}$/.test(name)).length, 1);
});

/** @type {[string, string, (relay: any) => void, RegExp][]} */
const refusals = [
  ["a file with another sha256", "update_damaged", (relay) => {
    relay.spoil = (name, bytes) => (name === "weights" ? Buffer.concat([bytes.subarray(1), Buffer.from([7])]) : bytes);
  }, /sha256 of weights/],
  ["a download that was cut off", "update_damaged", (relay) => {
    relay.spoil = (name, bytes) => (name === "gallery" ? bytes.subarray(0, 1000) : bytes);
  }, /1000 bytes/],
  ["a self-test with another probability", "update_fails", (relay) => {
    relay.listing.self_test.classes[3].probability += 0.01;
  }, /is not installed.* is 0\.\d+, not/],
  ["a self-test with another verdict", "update_fails", (relay) => {
    relay.listing.self_test.verdict = relay.listing.self_test.verdict === "unsure" ? "confident" : "unsure";
  }, /verdict/],
  ["a self-test with a class that the model has not", "update_fails", (relay) => {
    relay.listing.self_test.classes.push({ id: "own_9", probability: 0 });
  }, /classes/],
  ["another embedding than listed", "update_fails", (relay) => {
    relay.listing.embedding = "0".repeat(64);
  }, /embedding/],
  ["a list without weights", "relay_broken", (relay) => {
    delete relay.listing.weights;
  }, /weights/],
  ["a list with a huge file", "relay_broken", (relay) => {
    relay.listing.weights.bytes = 1e9;
  }, /weights/],
  ["a list without a self-test", "relay_broken", (relay) => {
    relay.listing.self_test = { photo: "no base64!" };
  }, /self_test/],
];

test("a damaged or differently answering model is not installed", async (t) => {
  const files = recalibrated();
  const sound = await relayWith(t, files);
  for (const [what, expected, spoil, words] of refusals) {
    await t.test(what, async (inner) => {
      const phone = await startPhone(inner);
      await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
      const relay = { ...sound, listing: structuredClone(sound.listing), downloaded: [] };
      spoil(relay);
      relay.deviceModel = async () => ({ changed: true, etag: '"x"', listing: structuredClone(relay.listing) });
      const plain = relay.download;
      relay.download = async (url) => {
        const name = Object.keys(files).find((one) => relay.listing[one]?.url === url);
        return name ? buffer(relay.spoil(name, files[name])) : plain(url);
      };
      await assert.rejects(phone.updater.update(relay), code(expected, words));
      assert.equal(await version(phone), PACKAGED);
      const { model, etag } = phone.store.installed.now();
      assert.deepEqual([model, etag, counts(phone)], [null, null, { own_1: 1 }]);
      assert.equal((await predict(phone, 1)).classes[0].id, "own_1");
    });
  }
});

test("a relay that is away, a phone that is full: the code says so, and the old model stays", async (t) => {
  const relay = await relayWith(t, recalibrated());
  const phone = await startPhone(t);
  const away = { ...relay, deviceModel: () => Promise.reject(Object.assign(new Error("away"), { code: "relay_unreachable" })) };
  await assert.rejects(phone.updater.update(away), code("relay_unreachable"));
  phone.disk.full = (name) => name.startsWith("models/");
  await assert.rejects(phone.updater.update(relay), code("storage_full"));
  phone.disk.full = () => false;
  assert.equal(await version(phone), PACKAGED);
  assert.deepEqual(await phone.updater.update(relay), { updated: true });
});

test("another embedding: the gallery is rebuilt from the kept pictures before the switch", async (t) => {
  const relay = await relayWith(t, otherNetwork());
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "红蜘蛛", [1, 2].map((seed) => photoOn(phone.disk, seed)));
  await phone.orchard.teach("anthracnose", null, photoOn(phone.disk, 3));
  assert.deepEqual(await phone.updater.update(relay), { updated: true });
  assert.equal((await predict(phone, 1)).model.name, "leaf-lite0");
  assert.deepEqual(counts(phone), { anthracnose: 1, own_1: 2 });
  assert.equal(phone.orchard.list()[1].label, "红蜘蛛");
  assert.ok(phone.orchard.list().every(({ photos }) => photos.every(({ picture: kept }) => kept)), "their pictures too");
  const { classes } = await predict(phone, 1);
  assert.equal(classes.find(({ id }) => id === "own_1").photos, 2);
  assert.equal(phone.model.state().orchard, null);
  await phone.orchard.teach("own_2", "y", photoOn(phone.disk, 4));
  assert.equal((await predict(phone, 4)).classes[0].id, "own_2");

  // And back again, from the same pictures.
  await phone.updater.update(await relayWith(t, modelFiles("leaf-mini")));
  assert.equal((await predict(phone, 1)).model.name, "leaf-mini");
  assert.deepEqual(counts(phone), { anthracnose: 1, own_1: 2, own_2: 1 });
});

test("another embedding without a gallery is installed", async (t) => {
  const phone = await startPhone(t);
  await phone.updater.update(await relayWith(t, otherNetwork()));
  assert.equal((await predict(phone, 1)).model.name, "leaf-lite0");
});

test("another embedding is refused if a picture was not kept, and nothing is lost", async (t) => {
  const relay = await relayWith(t, otherNetwork());
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  await phone.settings.set({ keepTaught: false });
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 2));
  await assert.rejects(phone.updater.update(relay), code("cannot_rebuild"));
  assert.equal(await version(phone), PACKAGED);
  assert.deepEqual(counts(phone), { own_1: 2 });
  assert.equal((await predict(phone, 1)).classes[0].id, "own_1");
});

test("classes taught during an update are not lost", async (t) => {
  const relay = await relayWith(t, recalibrated());
  const phone = await startPhone(t);
  const plain = relay.download;
  relay.download = async (url) => {
    await phone.orchard.teach("own_1", "x", photoOn(phone.disk, relay.downloaded.length));
    return plain(url);
  };
  const photo = photoOn(phone.disk, 9);
  await Promise.all([phone.updater.update(relay), phone.updater.update(relay), phone.orchard.teach("own_2", "y", photo)]);
  assert.deepEqual(counts(phone), { own_1: 3, own_2: 1 });
  assert.equal(await version(phone), NEWER);
  assert.equal((await predict(phone, 9)).classes[0].id, "own_2");
  assert.equal(relay.downloaded.length, 3, "two updates at once are one");
});

test("a worker killed in the self-test: the old model stays, and the next try takes the new one", async (t) => {
  const relay = await relayWith(t, recalibrated());
  const phone = await startPhone(t);
  phone.workers.killOn.push("predict");
  await assert.rejects(phone.updater.update(relay), code("update_fails"));
  assert.equal(await version(phone), PACKAGED);
  assert.deepEqual(await phone.updater.update(relay), { updated: true });
  assert.equal(relay.downloaded.length, 3, "what came is not downloaded again");
});

for (const [what, files, names] of /** @type {const} */ ([
  ["of the same embedding", recalibrated, [`leaf-mini ${PACKAGED}`, `leaf-mini ${NEWER}`]],
  ["of another embedding", otherNetwork, [`leaf-mini ${PACKAGED}`, `leaf-lite0 ${LARGER}`]],
])) {
  test(`the app killed at any change of the disk in an update ${what}: the old model or the new, with what was taught`, async (t) => {
    const relay = await relayWith(t, files());
    const before = await startPhone(t);
    await before.orchard.teach("own_1", "x", photoOn(before.disk, 1));
    const content = new Map(before.disk.content);
    const outcomes = new Set();
    for (let at = 1; ; at += 1) {
      const disk = new Disk();
      disk.content = new Map(content);
      const killed = await startPhone(t, { disk });
      disk.changes = 0;
      disk.killAt = at;
      const done = await Promise.race([killed.updater.update(relay).then(() => true), killed.death.then(() => false)]);
      disk.killAt = Infinity;
      const next = await startPhone(t, { disk });
      const { model, classes } = await predict(next, 1);
      outcomes.add(`${model.name} ${model.version}`);
      assert.deepEqual(counts(next), { own_1: 1 }, `killed at ${at}`);
      assert.equal(classes.find(({ id }) => id === "own_1")?.photos, 1, `killed at ${at}`);
      assert.equal(next.model.state().orchard, null);
      const { model: held } = disk.json("models/current.json");
      const kept = disk.names().filter((name) => /^models\/[0-9a-f]{16}\//.test(name));
      assert.ok(held ? kept.length === 3 : kept.length === 0, `killed at ${at}: ${kept}`);
      if (done) break;
    }
    assert.deepEqual(Array.from(outcomes).sort(), names.slice().sort());
  });
}

test("a downloaded model that was damaged gives way to the package's, and is repaired", async (t) => {
  const relay = await relayWith(t, recalibrated());
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  await phone.updater.update(relay);
  const weights = phone.disk.names().find((name) => name.endsWith("/weights"));
  for (const spoil of [
    (disk) => disk.content.set(weights, disk.content.get(weights).subarray(0, 5000)),
    (disk) => disk.content.delete(weights),
  ]) {
    spoil(phone.disk);
    const next = await startPhone(t, { disk: phone.disk });
    assert.equal(await version(next), PACKAGED);
    assert.equal((await predict(next, 1)).classes[0].id, "own_1");
    assert.deepEqual(await next.updater.update(relay), { updated: true });
    assert.equal(await version(next), NEWER);
  }
});

test("a package with another model: the gallery is rebuilt, or unused if no pictures were kept", async (t) => {
  const phone = await startPhone(t);
  await phone.orchard.teach("own_1", "x", photoOn(phone.disk, 1));
  await phone.updater.update(await relayWith(t, otherNetwork()));
  // As if the package that was updated held leaf-lite0, and this version holds leaf-mini again.
  const disk = new Disk();
  disk.content = new Map(phone.disk.content);
  const held = disk.json("models/current.json");
  disk.content.set("models/current.json", Buffer.from(JSON.stringify({ ...held, model: null, etag: null })));
  const next = await startPhone(t, { disk });
  await predict(next, 2);
  await next.orchard.mend();
  assert.deepEqual([counts(next), next.model.state().orchard], [{ own_1: 1 }, null]);
  assert.equal((await predict(next, 1)).classes.find(({ id }) => id === "own_1").photos, 1);

  const bare = new Disk();
  bare.content = new Map(Array.from(phone.disk.content).filter(([name]) => !name.endsWith(".jpg")));
  bare.content.set("models/current.json", Buffer.from(JSON.stringify({ ...held, model: null, etag: null })));
  const waiting = await startPhone(t, { disk: bare });
  await predict(waiting, 2);
  assert.equal(waiting.model.state().orchard, "other_model");
  await assert.rejects(waiting.orchard.teach("own_2", "y", photoOn(bare, 2)), code("other_model"));
  assert.deepEqual(counts(waiting), { own_1: 1 });
  assert.match(await waiting.orchard.exportFile(), /mango-orchard\.gallery$/);
});
