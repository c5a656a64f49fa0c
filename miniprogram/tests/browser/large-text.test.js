"use strict";
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { tour } = require("./world/tour");

const { inWorld, photos, relay } = prepare();

for (const language of /** @type {const} */ (["zh_CN", "en"])) {
  test(`letters 1.6 times as large are cut nowhere and lie over nothing, ${language}`, async () => {
    await inWorld({ relay, language, fontScale: 1.6 }, (world) => tour(world, photos.drawn("unsure")[0], `large-${language}`, { whole: true }));
  });
}
