"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { releases } = require("../../../scanner/scans/quota.js");
const { newScan } = require("../../../scanner/scans/record.js");
const { isOpen } = require("../../../scanner/scans/states.js");
const { World } = require("../world/world.js");

/** @param {number} n @param {Partial<Scan>} fields @returns {Scan} */
const scan = (n, fields) => ({ ...newScan(`00000000000000${n}-000000`, "answered", []), ...fields });

test("photos are removed before thumbnails, oldest first, and none that is unprocessed", () => {
  const scans = [
    scan(1, { photos: ["1/0.jpg"], thumbnail: "1/t" }),
    scan(2, { state: "waiting", photos: ["2/0.jpg"], thumbnail: "2/t" }),
    scan(3, { thumbnail: "3/t" }),
    scan(4, { state: "refused", photos: ["4/0.jpg", "4/1.jpg"] }),
  ];
  assert.deepEqual(releases(scans).map(({ paths }) => paths), [["1/0.jpg"], ["4/0.jpg", "4/1.jpg"], ["1/t"], ["3/t"]]);
});

test("files of open scans are never removed", () => {
  const any = fc.record({ state: fc.constantFrom("predicting", "asking", "waiting", "answered", "refused"), has: fc.boolean() });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 9 }), (list) => {
      const scans = list.map(({ state, has }, n) =>
        scan(n, { state: /** @type {ScanState} */ (state), photos: has ? [`${n}`] : [], thumbnail: has ? null : `t${n}` }),
      );
      for (const { id } of releases(scans)) {
        const found = /** @type {Scan} */ (scans.find((one) => one.id === id));
        assert.ok(!isOpen(found.state));
      }
    }),
  );
});

test("the oldest answered photos are removed for new ones", async () => {
  const world = new World({ limit: 7000 });
  world.settings.mode = "phone";
  const first = await world.scan("not_mango_leaf", "not_mango_leaf");
  await world.time.pass(1000);
  const second = await world.scan("not_mango_leaf", "not_mango_leaf");
  await world.time.pass(1000);
  const third = await world.scan("not_mango_leaf", "not_mango_leaf");
  assert.deepEqual([first, second, third].map(({ id }) => world.get(id).photos.length), [0, 2, 2]);
  assert.ok(world.get(first.id).thumbnail, "thumbnails go last");
  assert.ok(world.get(first.id).shown, "the answer stays");
});

test("where only unsent photos are left, new ones are refused and the unsent stay", async () => {
  const world = new World({ limit: 6000 });
  world.internet.set(false);
  const first = await world.scan("unsure", "unsure", "unsure", "unsure");
  await assert.rejects(world.scan("unsure", "unsure"), { code: "storage_full" });
  assert.equal(world.get(first.id).photos.length, 4);
  assert.deepEqual(world.disk.under("scans").map((path) => path.split("/")[1]), Array(6).fill(first.id), "nothing of it is left");
  world.internet.set(true);
  await world.settle();
  assert.equal(world.get(first.id).state, "answered");
  assert.equal((await world.scan("unsure", "unsure")).count, 2);
});

test("files are removed too if the disk is full below the limit", async () => {
  const world = new World({ capacity: 6500 });
  const first = await world.scan("not_mango_leaf", "not_mango_leaf", "not_mango_leaf");
  await world.time.pass(1000);
  const second = await world.scan("unsure", "unsure", "unsure");
  await world.settle();
  assert.equal(world.get(first.id).photos.length, 0);
  assert.equal(world.get(second.id).state, "answered");
});

test("photos are kept if their answer cannot be written", async () => {
  const world = new World();
  world.internet.set(false);
  const { id, photos } = await world.scan("unsure");
  await world.settle();
  world.disk.capacity = world.disk.bytes + 10;
  world.internet.set(true);
  await world.settle();
  assert.equal(world.get(id).state, "answered");
  assert.notEqual(world.disk.json(`scans/${id}/scan.json`).state, "answered");
  assert.ok(world.disk.content.has(photos[0]));
  world.disk.capacity = Infinity;
  world.scanner.wake();
  await world.settle();
  assert.equal(world.disk.json(`scans/${id}/scan.json`).state, "answered");
});
