"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createLedger } = require("../../scanner/scans/ledger.js");
const { newScan } = require("../../scanner/scans/record.js");
const { breathe } = require("./world/turns.js");

const scan = newScan("001777593600000-abcdef", "predicting", ["p"]);

/** @param {(scan: Scan) => Promise<void>} write @param {Partial<Parameters<typeof createLedger>[0]>} [others] */
function ledgerWith(write, others = {}) {
  const ledger = createLedger({ write, discard: async () => {}, makeRoom: async () => false, ...others });
  ledger.enter(scan, true);
  return ledger;
}

test("changes of one turn are one write and one notice", async () => {
  /** @type {string[]} */
  const written = [];
  const ledger = ledgerWith(async ({ state }) => void written.push(state));
  /** @type {(string | null)[]} */
  const heard = [];
  await breathe();
  ledger.subscribe((it) => heard.push(it && it.state));
  ledger.change(scan.id, "phone_hands_over", {});
  ledger.change(scan.id, "sent", {});
  assert.equal(await ledger.saved(scan.id), true);
  assert.deepEqual([written, heard], [["asking"], ["asking"]]);
});

test("a change during a write is written next, and `saved` waits for it", async () => {
  /** @type {(() => void)[]} */
  const open = [];
  /** @type {string[]} */
  const written = [];
  const ledger = ledgerWith((it) => new Promise((done) => open.push(() => done(void written.push(it.state)))));
  ledger.change(scan.id, "phone_hands_over", {});
  await breathe();
  ledger.change(scan.id, "sent", {});
  const saved = ledger.saved(scan.id);
  open[0]();
  await breathe();
  assert.equal(ledger.isSaved(scan.id), false);
  open[1]();
  assert.equal(await saved, true);
  assert.deepEqual(written, ["waiting", "asking"]);
});

test("a change right after a write is not forgotten", async () => {
  for (let delay = 0; delay < 8; delay += 1) {
    /** @type {string[]} */
    const written = [];
    const ledger = ledgerWith(async ({ state }) => void written.push(state));
    ledger.change(scan.id, "phone_hands_over", {});
    for (let turn = 0; turn < delay; turn += 1) await null;
    ledger.change(scan.id, "sent", {});
    assert.equal(await ledger.saved(scan.id), true);
    assert.equal(written[written.length - 1], "asking", `after ${delay} turns`);
    assert.ok(ledger.isSaved(scan.id));
  }
});

test("what cannot be written stays in memory, and is written when that works again", async () => {
  let works = false;
  const ledger = ledgerWith(async () => {
    if (!works) throw new Error("no");
  });
  ledger.change(scan.id, "phone_hands_over", {});
  assert.equal(await ledger.saved(scan.id), false);
  assert.equal(ledger.get(scan.id)?.state, "waiting");
  works = true;
  await ledger.saveAll();
  assert.ok(ledger.isSaved(scan.id));
});

test("a full disk is tried again for as long as there is something to let go", async () => {
  let full = 3;
  const ledger = ledgerWith(
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
  ledger.change(scan.id, "phone_hands_over", {});
  assert.equal(await ledger.saved(scan.id), true);
});

test("what was dropped is not written any more", async () => {
  let writes = 0;
  const ledger = ledgerWith(async () => void (writes += 1));
  /** @type {(Scan | null)[]} */
  const heard = [];
  await breathe();
  ledger.subscribe((it) => heard.push(it));
  ledger.change(scan.id, "phone_hands_over", {});
  await ledger.drop(scan.id);
  await breathe();
  assert.deepEqual([writes, heard.pop(), ledger.all()], [0, null, []]);
});

test("a scan is shown until the disk has let it go, while nobody decides about it any more", async () => {
  /** @type {() => void} */
  let letGo = () => {};
  const ledger = ledgerWith(async () => {}, { discard: () => new Promise((done) => (letGo = done)) });
  /** @type {(Scan | null)[]} */
  const heard = [];
  await breathe();
  ledger.subscribe((it) => heard.push(it));
  const dropped = ledger.drop(scan.id);
  await breathe();
  assert.deepEqual([ledger.get(scan.id), ledger.all()], [null, []]);
  assert.deepEqual([ledger.find(scan.id), ledger.list(), heard], [scan, [scan], []]);
  letGo();
  await dropped;
  await breathe();
  assert.deepEqual([ledger.find(scan.id), ledger.list(), heard], [null, [], [null]]);
});

test("a scan that the disk does not let go of is told as gone, and its failure to the caller", async () => {
  const ledger = ledgerWith(async () => {}, { discard: () => Promise.reject(new Error("no")) });
  await breathe();
  const told = new Promise((resolve) => ledger.subscribe(resolve));
  await assert.rejects(ledger.drop(scan.id), /^Error: no$/);
  assert.equal(await told, null);
  assert.deepEqual(ledger.list(), []);
});
