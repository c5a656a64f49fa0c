"use strict";
const { failure } = require("../../../scanner/basics/failure.js");
const { createRelay } = require("../../../scanner/relay/relay.js");
const { createScanner } = require("../../../scanner/scanner.js");
const { Disk, filesOf } = require("./disk.js");
const { Internet } = require("./internet.js");
const { jpeg, look, photo, predictionOf, isFault } = require("./photo.js");
const { Time } = require("./time.js");
const { Turns, Life } = require("./turns.js");

/** A phone, its grower and a relay. The scanner in it runs until the app ends; `restart` makes a new one on the same disk. */
class World {
  /** @param {{ capacity?: number, limit?: number }} [options] bytes */
  constructor({ capacity, limit } = {}) {
    this.turns = new Turns();
    this.disk = new Disk({ capacity });
    this.time = new Time();
    this.internet = new Internet(this.turns, this.disk, this.time);
    this.limit = limit;
    /** @type {Settings} */
    this.settings = { relay: "https://relay.example", mode: "automatic", language: "zh", keepTaught: false };
    /** Code of why the phone's model does not work. @type {string | null} */
    this.modelFault = null;
    /** What the grower says to the first upload; null where the question cannot be put. @type {boolean | null} */
    this.agrees = true;
    this.asked = 0;
    this.backoffResets = 0;
    /** @type {string[]} */
    this.taught = [];
    this.shrinks = true;
    this.photos = 0;
    this.start();
  }

  start() {
    const life = new Life();
    this.life = life;
    /** @type {Ports} */
    const ports = {
      files: filesOf(this.disk, this.turns, life),
      http: this.internet.httpOf(life),
      network: this.internet.networkOf(life),
      clock: this.time.clockOf(life),
      workers: {
        create() {
          throw new Error("the scanner leaves the worker to the model");
        },
      },
      pictures: { shrink: (path, side) => this.shrink(life, path, side) },
    };
    this.scanner = createScanner({
      ports,
      settings: () => this.settings,
      model: {
        predict: (photos, options) => this.predict(life, photos, options),
        resetBackoff: () => {
          this.backoffResets += 1;
        },
        reconcile: (phone, relay, taught) => this.reconcile(life, phone, relay, taught),
      },
      relay: createRelay({ http: ports.http, address: () => this.settings.relay }),
      consent: () =>
        this.turns.take(life, () => {
          this.asked += 1;
          if (this.agrees === null) throw new Error("the fake page cannot ask");
          return this.agrees;
        }),
      taught: () => this.taught,
      limit: this.limit,
    });
  }

  /** The app ends here and now, and starts again. @param {() => number} [random] what becomes of what is under way */
  restart(random = () => 0) {
    if (this.life) this.turns.end(this.life, random);
    this.internet.forget();
    this.start();
  }

  /** @param {string} sees what phone and relay are to see in it @returns {string} its path */
  shoot(sees) {
    const n = this.photos;
    this.photos += 1;
    const path = `wxfile://tmp_${n}.jpg`;
    this.disk.outside.set(path, photo({ n, sees }));
    return path;
  }

  /** @param {...string} sees @returns {Promise<Scan>} */
  scan(...sees) {
    return this.running(this.scanner.scan(sees.map((one) => this.shoot(one))));
  }

  /**
   * The result of a call after all operations have run.
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>}
   */
  async running(promise) {
    promise.catch(() => undefined);
    await this.turns.all();
    return promise;
  }

  /** Time passes and everything runs, as long as it takes for all that can happen by itself. */
  async settle() {
    for (let round = 0; round < 12; round += 1) {
      await this.turns.all();
      await this.time.pass(11 * 60 * 1000);
    }
    await this.turns.all();
  }

  /** @param {string} id */
  get(id) {
    const scan = this.scanner.get(id);
    if (!scan) throw new Error(`${id} is gone`);
    return scan;
  }

  /** @param {Life} life @param {ArrayBuffer[]} photos @param {{ explain: boolean }} options @returns {Promise<Prediction>} */
  predict(life, photos, { explain }) {
    return this.turns.take(life, () => {
      if (explain !== (photos.length === 1)) throw new Error("a heat map is for one photo");
      if (this.modelFault) throw failure(this.modelFault, "the fake model has this fault");
      const seen = photos.map(look);
      const faulty = seen.find(({ sees }) => isFault(sees));
      if (faulty) throw failure(faulty.sees, "the photo has this fault");
      return predictionOf(seen, "phone");
    });
  }

  /** @param {Life} life @param {Prediction} phone @param {Prediction} relay @param {string[]} taught @returns {Promise<Shown>} */
  reconcile(life, phone, relay, taught) {
    return this.turns.take(life, () => {
      if (this.modelFault) throw failure(this.modelFault, "the fake model has this fault");
      if (phone.verdict === "confident" && taught.includes(phone.classes[0].id)) return { source: "phone", prediction: phone, orchard: null };
      const orchard = phone.classes.find(({ id }) => taught.includes(id)) || null;
      return { source: "relay", prediction: relay, orchard };
    });
  }

  /** @param {Life} life @param {string} path @param {number} side @returns {Promise<string>} */
  shrink(life, path, side) {
    return this.turns.take(life, () => {
      const content = this.disk.content.get(path.replace("disk://", ""));
      if (!this.shrinks || !content) throw failure("picture_failed", "the fake phone cannot shrink it");
      const small = `wxfile://small_${path.replace(/\W/g, "_")}`;
      this.disk.outside.set(small, side > 256 ? jpeg(content) : content.slice(0, 100));
      return small;
    });
  }
}

module.exports = { World };
