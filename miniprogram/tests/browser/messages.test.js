"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos } = prepare();

// A large message blocks the pages' thread on an iPhone, so progress has to be drawn before it.

/** Messages that went to workers since the last call. @param {import("./world/world").World} world */
const posted = ({ page }) => page.evaluate(() => /** @type {any} */ (window).postedToWorkers.splice(0));

test("progress is shown before the model and the photo are sent to the worker", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    const working = filled(words.card.workingHint, { n: 1 });
    for (const [at, photo] of photos.drawn("not_mango_leaf", 2).entries()) {
      await screen.scan([photo]);
      await screen.answerIs("fromPhone");
      const messages = await posted(world);
      assert.deepEqual(messages.map(({ action }) => action), at === 0 ? ["engine", "start", "predict"] : ["predict"], "the model goes once");
      for (const { action, painted } of messages) assert.ok(painted.includes(working), `${action} went while the screen said: ${painted}`);
      await screen.back();
    }
  });
});

test("progress is shown before photos to learn are sent to the worker", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone } = world;
    const { words } = screen;
    await screen.tab(words.tab.orchard);
    phone.camera = photos.drawn("unsure", 3);
    await screen.tap(words.orchard.album);
    await screen.front.getByRole("radio").first().tap();
    await screen.front.getByRole("button", { name: new RegExp(words.teach.save.split("{")[0]) }).tap();
    await screen.front.getByText(words.orchard.taught.split("{")[0]).waitFor();
    const messages = await posted(world);
    assert.deepEqual(messages.map(({ action }) => action), ["engine", "start", "teach", "rankTaught"]);
    const working = filled(words.teach.working, { n: 3 });
    for (const { action, painted } of messages) assert.ok(painted.includes(working), `${action} went while the screen said: ${painted}`);
  });
});
