"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { MOODS } = require("./world/internet.js");
const { breathe } = require("./world/turns.js");
const { witness } = require("./world/witness.js");
const { World } = require("./world/world.js");

const sees = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("confident", "unsure", "unsure", "not_mango_leaf") },
  { weight: 1, arbitrary: fc.constant("not_a_photo") },
);
const pick = fc.nat(1000);

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("scan"), sees: fc.array(sees, { minLength: 1, maxLength: 6 }) }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("turns"), picks: fc.array(pick, { minLength: 1, maxLength: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("rest"), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("time"), ms: fc.constantFrom(1000, 6000, 65000, 700000) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("kill"), fates: fc.array(pick, { minLength: 1, maxLength: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("relay"), mood: fc.constantFrom(...MOODS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("network"), isOnline: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("model"), fault: fc.constantFrom(null, "model_missing", "too_slow") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("mode"), mode: fc.constantFrom("automatic", "phone", "relay") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("address"), relay: fc.constantFrom("", "https://relay.example", "https://other.example") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("consent"), agrees: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("teach"), taught: fc.constantFrom([], ["photos_0"]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("shrink"), works: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("askRelay"), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("retry"), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel"), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("choose"), pick, isTakenBack: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("give"), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("feedback"), pick, what: fc.constantFrom("send", "send", "takeBack", "drop") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("removeAll") }) },
);

/** Bytes: a photo has 1000, a thumbnail 100, a record some hundreds. */
const room = fc.constantFrom({}, {}, { limit: 12000 }, { capacity: 14000 }, { limit: 12000, capacity: 16000 });

/** What may come of a wish. Everything else is a fault. */
const REFUSALS = ["storage_full", "not_found", "no_relay", "photos_gone"];

class Grower {
  /** @param {World} world */
  constructor(world) {
    this.world = world;
    this.witness = witness(world);
    /** @type {Map<string, number[]>} */
    this.promised = new Map();
    /** @type {any[]} */
    this.faults = [];
    /** Taps that give a photo to the relay. */
    this.given = 0;
    this.open();
  }

  open() {
    const { scanner } = this.world;
    const look = async () => this.witness.atNotice(scanner);
    scanner.subscribe(() => this.wish(look()));
    this.wish(scanner.open());
  }

  /** @param {Promise<any>} promise @param {(value: any) => void} [then] */
  wish(promise, then = () => {}) {
    promise.then(then).catch((error) => {
      if (!REFUSALS.includes(error.code)) this.faults.push(error);
    });
  }

  /** A wish that the network, the disk or another wish may be in the way of. @param {Promise<any>} promise */
  try(promise) {
    promise.catch((error) => {
      if (typeof error.code !== "string") this.faults.push(error);
    });
  }

  /** @param {number} pick */
  one(pick) {
    const scans = this.world.scanner.list();
    return scans.length > 0 ? scans[pick % scans.length].id : null;
  }

  /** @param {any} event */
  async act(event) {
    const { world, witness } = this;
    const { turns, time, internet, scanner } = world;
    const id = event.pick === undefined ? null : this.one(event.pick);
    switch (event.do) {
      case "scan": {
        const first = world.photos;
        const paths = event.sees.map((/** @type {string} */ sees) => world.shoot(sees));
        const numbers = paths.map((/** @type {string} */ _, /** @type {number} */ index) => first + index).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
        this.wish(scanner.scan(paths), (scan) => this.promised.set(scan.id, numbers));
        break;
      }
      case "turns":
        for (const pick of event.picks) await turns.step(pick);
        break;
      case "rest":
        await turns.all(() => event.pick);
        break;
      case "time":
        await time.pass(event.ms);
        break;
      case "kill": {
        let next = 0;
        world.restart(() => event.fates[(next += 1) % event.fates.length]);
        this.open();
        break;
      }
      case "relay":
        internet.mood = event.mood;
        break;
      case "network":
        internet.set(event.isOnline);
        break;
      case "model":
        world.modelFault = event.fault;
        break;
      case "mode":
        // Running requests were decided before.
        await turns.all();
        world.settings = { ...world.settings, mode: event.mode };
        scanner.wake();
        break;
      case "address":
        world.settings = { ...world.settings, relay: event.relay };
        scanner.wake();
        break;
      case "consent":
        world.agrees = event.agrees;
        break;
      case "teach":
        world.taught = event.taught;
        break;
      case "shrink":
        world.shrinks = event.works;
        break;
      case "askRelay":
        if (id) this.wish(scanner.askRelay(id));
        break;
      case "retry":
        if (id) this.wish(scanner.retry(id));
        break;
      case "cancel":
        if (id) this.wish(scanner.cancel(id));
        break;
      case "choose": {
        const shown = id ? world.get(id).shown : null;
        if (id && shown) this.wish(scanner.setChoice(id, event.isTakenBack ? null : shown.prediction.classes[0].id));
        break;
      }
      case "give": {
        const scan = id ? world.get(id) : null;
        if (!scan || !scan.shown || scan.photos.length === 0) break;
        this.given += 1;
        const fields = { label: `label_${this.given}`, answer: "x", verdict: scan.shown.prediction.verdict, model: "phone 1.0.0" };
        this.try(scanner.feedback.give(scan.id, fields, { relay: "https://relay.example", days: 365 }, `disk://${scan.photos[0]}`));
        break;
      }
      case "feedback":
        if (id && event.what === "send") this.given += 1;
        if (id) this.try((async () => scanner.feedback[/** @type {"send"} */ (event.what)](id))());
        break;
      case "remove":
        if (id) witness.unwanted.add(id);
        if (id) this.wish(scanner.remove(id));
        break;
      case "removeAll":
        for (const scan of scanner.list()) witness.unwanted.add(scan.id);
        // Scans being stored are removed too.
        await turns.all();
        for (const scan of scanner.list()) witness.unwanted.add(scan.id);
        this.wish(scanner.removeAll());
        break;
      default:
        throw new Error(`no such event: ${event.do}`);
    }
    await breathe();
  }

  async rest() {
    const { world } = this;
    world.internet.mood = "up";
    world.internet.set(true);
    await world.settle();
    this.check();
    // The next run of the app has only the disk.
    if (world.disk.capacity === Infinity) this.witness.onDisk();
    world.restart();
    this.open();
    await world.settle();
    this.check();
  }

  check() {
    if (this.faults.length > 0) throw this.faults[0];
    this.witness.atRest(this.promised);
    if (this.world.internet.codes > this.given) throw new Error(`${this.world.internet.codes} photos were given by ${this.given} taps`);
  }
}

/** More of them are worth their time after a change to the scanner. */
const RUNS = Number(process.env.MANGO_RUNS || 300);

/** What nobody catches is a fault as well. @type {any[]} */
const uncaught = [];
process.on("unhandledRejection", (error) => uncaught.push(error));

test("in any order of events no scan is lost, and each comes to one answer", { timeout: 500000 }, async () => {
  const property = fc.asyncProperty(room, fc.array(event, { minLength: 10, maxLength: 50, size: "max" }), async (options, events) => {
    uncaught.length = 0;
    const grower = new Grower(new World(options));
    for (const event of events) await grower.act(event);
    await grower.rest();
    if (uncaught.length > 0) throw uncaught[0];
  });
  await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
});

test("the end of the app after every single step of a scan loses nothing", { timeout: 60000 }, async () => {
  for (let fate = 0; fate < 3; fate += 1) {
    for (let steps = 0; steps < 60; steps += 1) {
      const grower = new Grower(new World());
      await grower.act({ do: "scan", sees: ["unsure", "unsure"] });
      for (let step = 0; step < steps; step += 1) await grower.act({ do: "turns", picks: [0] });
      await grower.act({ do: "kill", fates: [fate] });
      await grower.rest();
      const [scan] = grower.world.scanner.list();
      if (grower.promised.size > 0) assert.equal(scan.shown?.source, "relay");
    }
  }
});
