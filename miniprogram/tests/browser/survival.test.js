"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos, relay } = prepare();

test("killed while it waits, the app sends the photo after its next start", async () => {
  const [photo] = photos.drawn("unsure");
  await inWorld({ relay }, async (world) => {
    world.phone.setOnline(false);
    await world.screen.scan([photo]);
    await world.screen.answerIs("provisional");
    await world.kill();
    assert.deepEqual(kept(world.home), [fs.readFileSync(photo).length], "the photo is on the phone, as it was taken");
    await world.start();
    await world.screen.tab(world.screen.words.tab.history);
    await world.screen.sees(world.screen.words.state.provisional);
    assert.deepEqual(world.uploads(), []);
    world.phone.setOnline(true);
    await world.screen.sees(world.screen.words.state.byRelay);
    assert.equal(world.uploads().length, 1);
    await world.restart();
    await world.screen.tab(world.screen.words.tab.history);
    await world.screen.sees(world.screen.words.state.byRelay);
    assert.equal(world.uploads().length, 1, "what is answered is not sent again");
  });
});

test("killed right after the photo was taken, the app recognises it after its next start", async () => {
  await inWorld({ relay: null }, async (world) => {
    await world.screen.scan(photos.drawn("not_mango_leaf"));
    await world.restart();
    await world.screen.tab(world.screen.words.tab.history);
    await world.screen.seesNoMango("notLeaf");
    assert.equal(await world.screen.front.getByRole("button", { name: world.screen.words.history.remove }).count(), 1);
  });
});

test("killed before the button was tapped, the app offers the photos again", async () => {
  await inWorld({ relay: null }, async (world) => {
    world.phone.camera = photos.drawn("not_mango_leaf", 2);
    await world.screen.tap(world.screen.words.scan.album);
    await world.screen.front.getByRole("img", { name: filled(world.screen.words.scan.photo, { n: 2 }) }).waitFor();
    await world.restart();
    const { screen } = world;
    await screen.front.getByRole("button", { name: filled(screen.words.scan.removePhoto, { n: 1 }) }).tap();
    await screen.tap(filled(screen.words.scan.recognise, { n: 1 }));
    await screen.answerIs("fromPhone");
    await world.restart();
    await world.screen.button(world.screen.words.scan.camera).waitFor();
    await world.screen.seesNoMango("notLeaf");
  });
});

test("the page continues with a new worker after the system ended the first", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone } = world;
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
    phone.killWorker();
    await screen.back();
    await screen.scan(photos.drawn("not_mango_leaf", 2).slice(1));
    // In the middle of its work too.
    phone.killWorker();
    await screen.answerIs("fromPhone");
  });
});

test("a full phone reports it and keeps its data", async () => {
  await inWorld({ relay, quota: 200_000 }, async (world) => {
    const { screen, phone } = world;
    phone.setOnline(false);
    const [first, second] = photos.drawn("unsure", 2);
    await screen.scan([first]);
    await screen.answerIs("provisional");
    phone.files.state.quota = 1;
    await screen.back();
    phone.camera = [second];
    await screen.tap(screen.words.scan.album);
    await screen.tap(filled(screen.words.scan.recognise, { n: 1 }));
    await screen.sees(screen.words.problem.storage_full);
    phone.files.state.quota = 200_000_000;
    phone.setOnline(true);
    await screen.tab(screen.words.tab.history);
    await screen.sees(screen.words.state.byRelay);
  });
});

/** Sizes of the photos that scans keep. @param {string} home */
function kept(home) {
  const scans = path.join(home, "usr", "scans");
  const files = fs.readdirSync(scans, { recursive: true }).map(String);
  return files.filter((file) => /[/\\]\d+\.\w+$/.test(file)).map((file) => fs.statSync(path.join(scans, file)).size);
}
