"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { World } = require("../world/world.js");

/** @param {World} world @param {string} path @param {string} text */
const overwrite = (world, path, text) => world.disk.content.set(path, Uint8Array.from(Buffer.from(text)));

/** @param {World} world */
async function reopened(world) {
  world.restart();
  await world.running(world.scanner.open());
  return world.scanner.list();
}

/** A scan that waits for the network. */
async function waiting() {
  const world = new World();
  world.internet.set(false);
  return { world, scan: await world.scan("unsure", "unsure") };
}

test("a start that changes nothing writes nothing", async () => {
  const { world, scan } = await waiting();
  const before = world.get(scan.id);
  world.disk.watchers.push(({ path }) => assert.fail(`${path} is written`));
  assert.deepEqual(await reopened(world), [before]);
});

for (const [name, text] of [
  ["cut off", '{"state":"wai'],
  ["empty", ""],
  ["of another kind", '{"state":"dancing"}'],
  ["no UTF-8", "\ufffd"],
  ["pointing elsewhere", JSON.stringify({ state: "waiting", photos: ["scans/../orchard/1.gallery"] })],
]) {
  test(`a record that is ${name} costs no photo`, async () => {
    const { world, scan } = await waiting();
    overwrite(world, `scans/${scan.id}/scan.json`, text);
    const [found] = await reopened(world);
    assert.deepEqual([found.id, found.photos, found.takenAt], [scan.id, scan.photos, scan.takenAt]);
    world.internet.set(true);
    await world.settle();
    assert.equal(world.get(scan.id).shown?.source, "relay");
  });
}

test("a record that cannot be read now is there again at the next start", async () => {
  const world = new World();
  const scan = await world.scan("confident");
  await world.settle();
  const answered = world.get(scan.id);
  world.disk.fails = (operation) => operation === "read";
  assert.deepEqual(await reopened(world), []);
  world.disk.fails = () => false;
  assert.deepEqual(await reopened(world), [answered]);
});

test("where some photos are gone the others are sent", async () => {
  const { world, scan } = await waiting();
  world.disk.content.delete(scan.photos[1]);
  world.internet.set(true);
  await reopened(world);
  await world.settle();
  assert.equal(world.get(scan.id).relay?.classes[0].id, "photos_0");
});

test("if all photos are gone the phone's answer stays, with the problem", async () => {
  const { world, scan } = await waiting();
  scan.photos.forEach((path) => world.disk.content.delete(path));
  const [found] = await reopened(world);
  assert.deepEqual([found.state, found.shown?.source, found.problem], ["answered", "phone", "photo_missing"]);
});

test("photos that vanish at run time are noticed before sending", async () => {
  const { world, scan } = await waiting();
  scan.photos.forEach((path) => world.disk.content.delete(path));
  world.internet.set(true);
  await world.settle();
  const found = world.get(scan.id);
  assert.deepEqual([found.state, found.shown?.source, found.problem], ["answered", "phone", "photo_missing"]);
  assert.equal(world.internet.arrived.length, 0);
});

test("leftovers of an interrupted write are removed", async () => {
  const { world, scan } = await waiting();
  overwrite(world, `scans/${scan.id}/thumbnail.jpg.tmp`, "x");
  await reopened(world);
  assert.ok(!world.disk.content.has(`scans/${scan.id}/thumbnail.jpg.tmp`));
  assert.ok(world.disk.content.has(scan.photos[0]));
});

test("unknown folders are not touched", async () => {
  const { world } = await waiting();
  overwrite(world, "scans/notes/a.txt", "x");
  assert.equal((await reopened(world)).length, 1);
  assert.ok(world.disk.content.has("scans/notes/a.txt"));
});
