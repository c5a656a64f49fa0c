"use strict";
const { after, before } = require("node:test");

const { launch } = require("./chromium");
const { Photos } = require("./photos");
const { Relay } = require("../../harness/relay/relay");
const { inWorld } = require("./world");

/**
 * Shared by all tests of a file: a browser, a relay and photos. Each test has its own world.
 * @template {Relay | null} [R=Relay]
 * @param {R} [relay] null for none
 */
function prepare(relay = /** @type {any} */ (new Relay())) {
  /** @type {import("playwright-core").Browser | undefined} */
  let browser;
  const photos = new Photos();

  before(async () => {
    [browser] = await Promise.all([launch(), photos.open(), relay?.start()]);
  });

  after(async () => {
    await browser?.close();
    photos.close();
    await relay?.close();
  });

  return {
    relay,
    photos,

    /** @param {import("./world").WorldOptions} options @param {(world: import("./world").World) => Promise<void>} action */
    inWorld: (options, action) => inWorld(/** @type {import("playwright-core").Browser} */ (browser), options, action),
  };
}

module.exports = { prepare };
