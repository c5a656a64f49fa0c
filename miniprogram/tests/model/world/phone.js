"use strict";
const { failure } = require("../../../scanner/basics/failure.js");
const { createPhone } = require("../../../scanner/phone/phone.js");
const { createSettings } = require("../../../scanner/settings.js");
const { Disk, filesOf } = require("./disk.js");
const { picture } = require("./picture.js");
const { createWorkers } = require("./workers.js");

/**
 * The app on a phone: the real model in real threads, files in memory. With `disk` of an earlier run it is restarted.
 * @param {import("node:test").TestContext} t ends it
 * @param {{ disk?: Disk, deadlines?: object, keepTaught?: boolean }} [options]
 */
async function startPhone(t, { disk = new Disk(), deadlines, keepTaught = true } = {}) {
  const workers = createWorkers();
  const life = { dead: false, died: () => {} };
  /** Ends when the app does. @type {Promise<void>} */
  const death = new Promise((resolve) => {
    life.died = () => {
      if (workers.state.kill) workers.state.kill();
      resolve();
    };
  });
  const files = filesOf(disk, life);
  const clock = createClock(life);
  // Photos are `photo-SEED`; a smaller copy is drawn, not scaled.
  const pictures = {
    async shrink(path, side) {
      const small = `${path}@${side}`;
      disk.outside.set(small, picture(Number(/photo-(\d+)/.exec(path)[1]), side));
      return small;
    },
  };
  const settings = createSettings({ files, relay: "" });
  const packages = createPackages();
  const ports = { files, clock, pictures, workers: workers.ports, packages: packages.port, http: null, network: null };
  const phone = createPhone({ ports, settings, deadlines });
  t.after(() => {
    life.dead = true;
    if (workers.state.kill) workers.state.kill();
    clock.stop();
  });
  await Promise.race([open(), death]);

  async function open() {
    await settings.open();
    if (settings.get().keepTaught !== keepTaught) await settings.set({ keepTaught });
    await phone.open();
  }
  return { ...phone, disk, files, clock, settings, workers: workers.state, packages: packages.state, death };
}

/** WeChat's sub-packages, which a test can keep from the phone. */
function createPackages() {
  const state = { fetched: 0, /** @type {"there" | "offline" | "silent"} */ network: "there" };
  const port = {
    async fetchScalar() {
      if (state.network === "offline") throw failure("engine_missing", "no network");
      if (state.network === "silent") await new Promise(() => {});
      state.fetched += 1;
    },
  };
  return { port, state };
}

/** The real one, whose long waits a test can skip. */
function createClock(life) {
  /** @type {Map<object, { ms: number, action: () => void, timer: NodeJS.Timeout }>} */
  const open = new Map();
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    random: () => 0.5,
    after(ms, action) {
      const key = {};
      const run = () => {
        clearTimeout(open.get(key)?.timer);
        if (open.delete(key) && !life.dead) action();
      };
      open.set(key, { ms, action: run, timer: setTimeout(run, ms) });
      return () => {
        clearTimeout(open.get(key)?.timer);
        open.delete(key);
      };
    },
    /** @param {number} ms */
    skip(ms) {
      skipped += ms;
      for (const { ms: due, action } of Array.from(open.values())) if (due <= ms) action();
    },
    stop() {
      for (const { timer } of open.values()) clearTimeout(timer);
      open.clear();
    },
  };
}

/** Puts a photo on the phone and gives its path. @param {Disk} disk @param {number} seed */
function photoOn(disk, seed) {
  const path = `wxfile://tmp/photo-${seed}`;
  disk.outside.set(path, picture(seed));
  return path;
}

module.exports = { startPhone, photoOn };
