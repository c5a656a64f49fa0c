"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { World } = require("../world/world.js");

/** A scan that stays unsure, since no relay is asked. */
async function unsure() {
  const world = new World();
  world.settings = { ...world.settings, mode: "phone" };
  const { id } = await world.scan("unsure");
  await world.settle();
  const { shown } = world.get(id);
  assert.ok(shown);
  return { world, id, seen: shown.prediction.classes[0].id };
}

/** @param {World} world @param {string} id */
const onDisk = (world, id) => JSON.parse(Buffer.from(world.disk.content.get(`scans/${id}/scan.json`) || []).toString());

/** @param {World} world */
async function restart(world) {
  world.restart();
  await world.running(world.scanner.open());
}

test("the grower's choice is kept beside the unchanged answers", async () => {
  const { world, id, seen } = await unsure();
  const before = world.get(id);
  await world.running(world.scanner.setChoice(id, seen));
  assert.deepEqual(world.get(id), { ...before, choice: seen });
  await restart(world);
  assert.deepEqual(world.get(id), { ...before, choice: seen });
});

test("a choice is taken back without a trace", async () => {
  const { world, id, seen } = await unsure();
  const before = onDisk(world, id);
  await world.running(world.scanner.setChoice(id, seen));
  assert.equal(onDisk(world, id).choice, seen);
  await world.running(world.scanner.setChoice(id, null));
  assert.deepEqual(onDisk(world, id), before);
});

test("a choice outlives the relay's answer", async () => {
  const { world, id, seen } = await unsure();
  await world.running(world.scanner.setChoice(id, seen));
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  const { shown, choice } = world.get(id);
  assert.deepEqual([shown && shown.source, choice], ["relay", seen]);
});

test("any class can be chosen, or none that is known, once there is an answer", async () => {
  const { world, id } = await unsure();
  for (const choice of ["procontarinia_rubus", "unknown"]) {
    await world.running(world.scanner.setChoice(id, choice));
    assert.equal(world.get(id).choice, choice);
  }
  for (const choice of ["", "Not an id", "../x"]) await assert.rejects(world.running(world.scanner.setChoice(id, choice)), { code: "bad_argument" });
  assert.equal(world.get(id).choice, "unknown");
  world.modelFault = "model_missing";
  const waiting = await world.scan("unsure");
  await assert.rejects(world.running(world.scanner.setChoice(waiting.id, "anthracnose")), { code: "bad_argument" });
  assert.equal(world.get(waiting.id).choice, undefined);
});

test("a record without a choice, as older versions wrote it, is read and not written again", async () => {
  const { world, id } = await unsure();
  const record = onDisk(world, id);
  assert.ok(!("choice" in record));
  world.disk.watchers.push(({ path }) => assert.fail(`${path} is written`));
  await restart(world);
  assert.equal(world.get(id).choice, undefined);
});
