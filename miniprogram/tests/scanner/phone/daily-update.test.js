"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createDailyUpdate } = require("../../../scanner/phone/update/daily-update.js");
const { Disk, filesOf } = require("../world/disk.js");
const { Time } = require("../world/time.js");
const { Life, Turns, breathe } = require("../world/turns.js");

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

class Phone {
  constructor() {
    this.disk = new Disk();
    this.time = new Time();
    this.turns = new Turns();
    this.wifi = true;
    this.relay = "https://relay.example";
    this.updates = 0;
    this.update = async () => {};
    this.restart();
  }

  restart() {
    const life = new Life();
    const network = { online: () => true, wifi: () => this.wifi, look: async () => {}, onChange: () => () => {} };
    this.daily = createDailyUpdate({
      ports: { files: filesOf(this.disk, this.turns, life), clock: this.time.clockOf(life), network },
      settings: () => ({ relay: this.relay, mode: "automatic", language: "zh", keepTaught: false }),
      update: () => {
        this.updates += 1;
        return this.update();
      },
    });
  }

  /** The app comes to the front, and stays there. @param {number} ms */
  async use(ms) {
    this.daily.wake();
    await this.time.pass(ms);
    await this.turns.all();
    await breathe();
  }
}

test("once a day, not before the grower's first minute, and over restarts", async () => {
  const phone = new Phone();
  await phone.use(MINUTE - 1);
  assert.equal(phone.updates, 0);
  await phone.use(1);
  assert.equal(phone.updates, 1);
  await phone.use(10 * HOUR);
  phone.restart();
  await phone.use(10 * HOUR);
  assert.equal(phone.updates, 1);
  await phone.use(10 * HOUR);
  await phone.use(MINUTE);
  assert.equal(phone.updates, 2);
});

test("coming to the front again and again is one check", async () => {
  const phone = new Phone();
  let end = () => {};
  phone.update = () => new Promise((resolve) => void (end = () => resolve(undefined)));
  for (let n = 0; n < 5; n += 1) await phone.use(30 * 1000);
  assert.equal(phone.updates, 1);
  end();
});

test("never over mobile data, and never without a relay", async () => {
  const phone = new Phone();
  phone.wifi = false;
  await phone.use(HOUR);
  phone.wifi = true;
  phone.relay = "";
  await phone.use(HOUR);
  assert.equal(phone.updates, 0);
  phone.relay = "https://relay.example";
  await phone.use(HOUR);
  assert.equal(phone.updates, 1);
});

test("what fails is left for the next day; a clock that was set back does not put it off", async () => {
  const phone = new Phone();
  phone.update = () => Promise.reject(new Error("the relay is away"));
  await phone.use(HOUR);
  await phone.use(HOUR);
  assert.equal(phone.updates, 1);
  phone.time.now -= 100 * 24 * HOUR;
  await phone.use(HOUR);
  assert.equal(phone.updates, 2);
});

test("a storage that cannot be read or written is no reason to ask at every start", async () => {
  for (const fails of ["read", "write"]) {
    const phone = new Phone();
    phone.disk.fails = (operation) => operation === fails;
    await phone.use(HOUR);
    assert.equal(phone.updates, 0, fails);
  }
});
