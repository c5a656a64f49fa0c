"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createScanStore } = require("../../../scanner/scans/store.js");
const { newScan } = require("../../../scanner/scans/record.js");
const { breathe } = require("../world/turns.js");

const scan = newScan("001777593600000-abcdef", "predicting", ["p"]);

/** @param {(scan: Scan) => Promise<void>} write @param {Partial<Parameters<typeof createScanStore>[0]>} [others] */
function storeWith(write, others = {}) {
  const scanStore = createScanStore({ write, discard: async () => {}, makeRoom: async () => false, ...others });
  scanStore.enter(scan, true);
  return scanStore;
}

test("changes within one turn cause one write and one notification", async () => {
  /** @type {string[]} */
  const written = [];
  const scanStore = storeWith(async ({ state }) => void written.push(state));
  /** @type {(string | null)[]} */
  const heard = [];
  await breathe();
  scanStore.subscribe((it) => heard.push(it && it.state));
  scanStore.change(scan.id, "phone_hands_over", {});
  scanStore.change(scan.id, "sent", {});
  assert.equal(await scanStore.saved(scan.id), true);
  assert.deepEqual([written, heard], [["asking"], ["asking"]]);
});

test("a change during a write is written next, and `saved` waits for it", async () => {
  /** @type {(() => void)[]} */
  const open = [];
  /** @type {string[]} */
  const written = [];
  const scanStore = storeWith((it) => new Promise((done) => open.push(() => done(void written.push(it.state)))));
  scanStore.change(scan.id, "phone_hands_over", {});
  await breathe();
  scanStore.change(scan.id, "sent", {});
  const saved = scanStore.saved(scan.id);
  open[0]();
  await breathe();
  assert.equal(scanStore.isSaved(scan.id), false);
  open[1]();
  assert.equal(await saved, true);
  assert.deepEqual(written, ["waiting", "asking"]);
});

test("a change right after a write is written too", async () => {
  for (let delay = 0; delay < 8; delay += 1) {
    /** @type {string[]} */
    const written = [];
    const scanStore = storeWith(async ({ state }) => void written.push(state));
    scanStore.change(scan.id, "phone_hands_over", {});
    for (let turn = 0; turn < delay; turn += 1) await null;
    scanStore.change(scan.id, "sent", {});
    assert.equal(await scanStore.saved(scan.id), true);
    assert.equal(written[written.length - 1], "asking", `after ${delay} turns`);
    assert.ok(scanStore.isSaved(scan.id));
  }
});

test("a failed write stays in memory and is retried", async () => {
  let works = false;
  const scanStore = storeWith(async () => {
    if (!works) throw new Error("no");
  });
  scanStore.change(scan.id, "phone_hands_over", {});
  assert.equal(await scanStore.saved(scan.id), false);
  assert.equal(scanStore.get(scan.id)?.state, "waiting");
  works = true;
  await scanStore.saveAll();
  assert.ok(scanStore.isSaved(scan.id));
});

test("a write to a full disk is retried as long as files can be removed", async () => {
  let full = 3;
  const scanStore = storeWith(
    async () => {
      if (full > 0) throw new Error("full");
    },
    {
      makeRoom: async () => {
        full -= 1;
        return true;
      },
    },
  );
  scanStore.change(scan.id, "phone_hands_over", {});
  assert.equal(await scanStore.saved(scan.id), true);
});

test("a dropped scan is not written any more", async () => {
  let writes = 0;
  const scanStore = storeWith(async () => void (writes += 1));
  /** @type {(Scan | null)[]} */
  const heard = [];
  await breathe();
  scanStore.subscribe((it) => heard.push(it));
  scanStore.change(scan.id, "phone_hands_over", {});
  await scanStore.drop(scan.id);
  await breathe();
  assert.deepEqual([writes, heard.pop(), scanStore.all()], [0, null, []]);
});

test("a scan being removed is listed until it is off the disk, but hidden from decisions", async () => {
  /** @type {() => void} */
  let letGo = () => {};
  const scanStore = storeWith(async () => {}, { discard: () => new Promise((done) => (letGo = done)) });
  /** @type {(Scan | null)[]} */
  const heard = [];
  await breathe();
  scanStore.subscribe((it) => heard.push(it));
  const dropped = scanStore.drop(scan.id);
  await breathe();
  assert.deepEqual([scanStore.get(scan.id), scanStore.all()], [null, []]);
  assert.deepEqual([scanStore.find(scan.id), scanStore.list(), heard], [scan, [scan], []]);
  letGo();
  await dropped;
  await breathe();
  assert.deepEqual([scanStore.find(scan.id), scanStore.list(), heard], [null, [], [null]]);
});

test("a failed removal notifies listeners and rejects", async () => {
  const scanStore = storeWith(async () => {}, { discard: () => Promise.reject(new Error("no")) });
  await breathe();
  const notified = new Promise((resolve) => scanStore.subscribe(resolve));
  await assert.rejects(scanStore.drop(scan.id), /^Error: no$/);
  assert.equal(await notified, null);
  assert.deepEqual(scanStore.list(), []);
});
