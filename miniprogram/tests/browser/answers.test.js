"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { test } = require("node:test");

const { DATA } = require("./world/photos");
const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");
const { APP } = require("./world/world");

const { inWorld, photos, relay } = prepare();

test("the phone answers a clear photo by itself, and shows where it saw it", async (t) => {
  const leaf = photos.real("confident");
  if (!leaf) {
    t.skip(`NO REAL LEAVES in ${DATA}: name their folder by MANGO_DATA`);
    return;
  }
  const catalog = JSON.parse(fs.readFileSync(`${APP}/../models/catalog.json`, "utf8"));
  const { names } = catalog.classes.find((/** @type {any} */ { id }) => id === leaf.classId);
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    await screen.scan([leaf.file]);
    await screen.answerIs("fromPhone");
    await screen.sees(names.zh);
    await screen.tap(screen.words.result.heatOn);
    await screen.sees(screen.words.result.heatHint);
    await world.picture("answer-phone");
    assert.deepEqual(world.uploads(), []);
    await screen.tap(screen.words.result.detail);
    await screen.sees(screen.words.detail.symptoms);
  });
});

test("a photo that the phone is unsure of goes to the relay, and comes back as its answer", async () => {
  await inWorld({ relay }, async (world) => {
    await world.screen.scan(photos.drawn("unsure"));
    await world.screen.answerIs("fromRelay");
    await world.picture("answer-relay");
    assert.equal(world.uploads().length, 1);
    assert.match(world.uploads()[0].url, /\/upload_image\?explain=1$/);
  });
});

test("a photo without a mango leaf stays on the phone until the grower asks the relay", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
    await screen.seesNoMango("notLeafHint");
    await world.picture("not-a-leaf");
    assert.deepEqual(world.uploads(), []);
    await screen.tap(screen.words.result.askAnyway);
    await screen.answerIs("fromRelay");
    assert.equal(world.uploads().length, 1);
  });
});

test("six photos of one tree are one answer", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure", 6));
    await screen.sees(filled(screen.words.result.photos, { n: 6 }));
    await screen.answerIs("fromRelay");
    await world.picture("six-photos");
    assert.deepEqual(world.uploads().map(({ url }) => new URL(url).pathname), ["/v1/predict"]);
    await screen.back();
    await screen.tab(screen.words.tab.history);
    await screen.sees(filled(screen.words.history.photos, { n: 6 }));
    assert.equal(await screen.front.getByRole("button", { name: screen.words.history.remove }).count(), 1);
  });
});

test("for photos classified together the phone explains the chosen one on demand", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure", 6));
    await screen.answerIs("fromPhone");
    await screen.tap(screen.words.result.heatOn);
    await screen.sees(screen.words.result.heatNone.split("{")[0]);
    await screen.tap(filled(screen.words.scan.photo, { n: 2 }));
    await screen.sees(screen.words.result.heatNone.split("{")[0]);
    await world.picture("six-photos-explained");
  });
});

test("the grower chooses one of two classes of an unsure answer, and undoes the choice", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("fromPhone");
    await screen.sees(screen.words.marks.compare);
    await screen.front.getByRole("radio").first().tap();
    await screen.sees(screen.words.marks.choiceNote);
    await world.picture("grower-chose");
    await screen.tap(screen.words.marks.choiceUndo);
    await screen.front.getByText(screen.words.marks.choiceNote).waitFor({ state: "detached" });
  });
});

test("mode phone sends no photo", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    await screen.tab(screen.words.tab.settings);
    await screen.front.getByRole("radio", { name: screen.words.settings.phone }).tap();
    await screen.tab(screen.words.tab.scan);
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("fromPhone");
    assert.deepEqual(world.phone.sent, []);
  });
});

test("a file that is not a photo is refused with a message", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    const file = `${world.home}/notes.jpg`;
    fs.writeFileSync(file, "these are no pixels");
    await screen.scan([file]);
    await screen.sees(screen.words.problem.not_a_photo);
    assert.deepEqual(world.uploads(), []);
  });
});
