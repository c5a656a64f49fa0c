"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createDraft } = require("../../../scanner/scans/draft.js");
const { Disk, filesOf } = require("../world/disk.js");
const { Time } = require("../world/time.js");
const { Life, Turns } = require("../world/turns.js");

class Phone {
  constructor() {
    this.disk = new Disk();
    this.time = new Time();
    this.turns = new Turns();
    this.restart();
  }

  restart() {
    this.life = new Life();
    this.files = filesOf(this.disk, this.turns, this.life);
    this.draft = createDraft({ files: this.files, clock: this.time.clockOf(this.life) });
  }

  /** @param {string} name @param {number} byte */
  shoot(name, byte) {
    this.disk.outside.set(name, Uint8Array.of(byte));
    return name;
  }

  /** @template T @param {Promise<T>} promise */
  async running(promise) {
    promise.catch(() => undefined);
    await this.turns.all();
    return promise;
  }

  /** @param {string[]} urls */
  bytes(urls) {
    return urls.map((url) => this.disk.content.get(url.replace("disk://", ""))?.[0]);
  }
}

test("draft photos survive a restart in order", async () => {
  const phone = new Phone();
  const taken = [phone.shoot("tmp/a.jpg", 1), phone.shoot("tmp/b.PNG", 2), phone.shoot("tmp/c", 3)];
  const kept = await phone.running(Promise.all(taken.map((path) => phone.draft.add(path))));
  assert.deepEqual(kept.map((url) => url.split(".").pop()), ["jpg", "png", "jpg"]);
  phone.disk.outside.clear();
  phone.restart();
  assert.deepEqual(await phone.running(phone.draft.list()), kept);
  assert.deepEqual(phone.bytes(kept), [1, 2, 3]);
});

test("one photo is removed, then all", async () => {
  const phone = new Phone();
  const [first, second] = await phone.running(Promise.all([phone.draft.add(phone.shoot("a.jpg", 1)), phone.draft.add(phone.shoot("b.jpg", 2))]));
  await phone.running(phone.draft.remove(first));
  assert.deepEqual(await phone.running(phone.draft.list()), [second]);
  await phone.running(phone.draft.clear());
  assert.deepEqual([await phone.running(phone.draft.list()), phone.disk.bytes], [[], 0]);
});

test("files outside the draft are not touched", async () => {
  const phone = new Phone();
  phone.disk.content.set("scans/x/0.jpg", Uint8Array.of(1));
  for (const url of ["disk://scans/x/0.jpg", "disk://draft/../scans/x/0.jpg", "disk://draft/", "tmp/a.jpg"]) {
    await phone.running(phone.draft.remove(url));
  }
  assert.equal(phone.disk.bytes, 1);
});

test("on a full disk the original path is used", async () => {
  const phone = new Phone();
  phone.disk.capacity = 0;
  assert.equal(await phone.running(phone.draft.add(phone.shoot("tmp/a.jpg", 1))), "tmp/a.jpg");
  assert.deepEqual(await phone.running(phone.draft.list()), []);
});
