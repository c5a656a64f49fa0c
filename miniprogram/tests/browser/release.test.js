"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos, relay } = prepare();

// What WeChat's reviewers see without a mango tree, and what the release contains.

test("the sample leaf runs the whole flow without a photo", async () => {
  await inWorld({ relay: null, release: true }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await screen.tap(words.scan.sample);
    await screen.front.getByRole("img", { name: filled(words.scan.photo, { n: 1 }) }).waitFor();
    await screen.tap(filled(words.scan.recognise, { n: 1 }));
    await screen.answerIs("fromPhone");
    await screen.sees(words.result.disclaimer);
    assert.deepEqual(world.uploads(), []);
    await screen.tap(words.result.heatOn);
    await screen.sees(words.result.heatHint);
    await world.picture("sample");
    // The leaf is drawn with the marks of anthracnose.
    await screen.sees("炭疽病");
    await screen.back();
    await screen.sees(words.scan.recent);
    assert.equal(await screen.button(words.scan.sample).count(), 0, "who has scans needs no sample");
    await screen.sees(words.scan.onPhone);
  });
});

test("a release asks for no address and says nothing of the developer's", async () => {
  await inWorld({ relay, release: true }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await screen.tab(words.tab.settings);
    await screen.sees(words.settings.automaticHint);
    assert.equal(await screen.front.getByRole("textbox").count(), 0);
    await world.picture("release-settings");
    await screen.tab(words.tab.scan);
    const file = `${world.home}/notes.jpg`;
    fs.writeFileSync(file, "these are no pixels");
    await screen.scan([file]);
    await screen.sees(words.problem.not_a_photo);
    assert.equal(await screen.front.getByText(/JPEG, PNG or WebP|[a-z]+ [a-z]+ [a-z]+ [a-z]+/).count(), 0, "no English for the developer");
  });
});

test("without a relay no text mentions one, and the welcome text promises only what the phone has shown", async () => {
  await inWorld({ relay: null, release: true }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    const silent = async (/** @type {string} */ where) => assert.equal(await screen.front.getByText(/联网|服务/).count(), 0, where);
    await screen.sees(words.scan.sample);
    assert.equal(await screen.front.getByText(words.scan.onPhone).count(), 0);
    await screen.tab(words.tab.settings);
    await screen.sees(words.settings.privacyPhone);
    await silent("settings");
    await screen.tab(words.tab.scan);
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("fromPhone");
    await silent("result");
    await screen.back();
    await screen.tab(words.tab.history);
    await screen.sees(words.state.byPhone);
    await silent("history");
  });
});
