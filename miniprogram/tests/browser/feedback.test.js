"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { FeedbackRelay } = require("./world/feedback-relay");
const { fits } = require("./world/layout");
const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos, relay } = prepare(new FeedbackRelay());

/** Scans a photo that stays on the phone, and says what it is. @param {import("./world/world").World} world @param {string} name */
async function correct({ screen }, name) {
  const { words } = screen;
  await screen.scan(photos.drawn("not_mango_leaf"));
  await screen.answerIs("fromPhone");
  await screen.tap(words.result.wrong);
  await screen.sees(words.wrong.question);
  await screen.front.getByRole("textbox", { name: words.wrong.search }).fill(name);
  await screen.front.getByRole("radio", { name: new RegExp(name) }).first().tap();
  await screen.sees(words.wrong.chosen);
}

/** @param {import("./world/world").World} world @param {string} title */
const consent = ({ screen }, title) => screen.front.getByRole("checkbox", { name: new RegExp(title) });

/** @param {import("./world/world").World} world */
const given = (world) => world.phone.sent.filter(({ method }) => method === "POST");

test("the grower's choice stays on the phone without further consent", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await correct(world, "炭疽病");
    assert.equal(await consent(world, words.wrong.teach).getAttribute("aria-checked"), "false");
    assert.equal(await consent(world, words.wrong.send).getAttribute("aria-checked"), "false");
    await screen.sees(filled(words.wrong.sendHint, { relay: relay.address, days: 365 }));
    await screen.tap(words.wrong.save);
    await screen.sees(filled(words.marks.choice, { name: "炭疽病" }));
    await screen.front.getByText(words.feedback.takeBack).waitFor({ state: "detached" });
    assert.deepEqual(given(world), []);
    await screen.back();
    await screen.tab(words.tab.orchard);
    await screen.sees(words.orchard.empty);
  });
});

test("the first consent adds the photo to my orchard and sends nothing", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await correct(world, "炭疽病");
    await consent(world, words.wrong.teach).tap();
    await screen.tap(words.wrong.save);
    await screen.sees(filled(words.marks.choice, { name: "炭疽病" }));
    await screen.back();
    await screen.tab(words.tab.orchard);
    await screen.sees(filled(words.orchard.photos, { n: 1 }));
    assert.deepEqual(given(world), []);
  });
});

test("the second consent sends the photo once; it can be deleted, also after a restart", async () => {
  await inWorld({ relay }, async (world) => {
    const { words } = world.screen;
    relay.given.clear();
    await correct(world, "炭疽病");
    await consent(world, words.wrong.send).tap();
    await world.picture("feedback-consents");
    await world.screen.tap(words.wrong.save);
    await world.screen.sees(words.feedback.takeBack);
    await world.picture("feedback-sent");
    const [{ picture, ...fields }] = [...relay.given.values()];
    assert.deepEqual([fields.label, fields.verdict], ["anthracnose", "not_mango_leaf"]);
    assert.match(fields.model, /^leaf-mini \d+\.\d+\.\d+$/);
    assert.deepEqual([...picture.subarray(0, 2)], [0xff, 0xd8], "it is a JPEG");
    assert.ok(!picture.includes("Exif"));
    await world.restart();
    await world.screen.tab(words.tab.history);
    await world.screen.tap(words.history.remove);
    await world.page.getByRole("dialog").getByText(words.feedback.staysThis).waitFor();
    await world.screen.dialog(words.common.cancel);
    await world.screen.front.getByText(filled(words.marks.choice, { name: "炭疽病" })).tap();
    await world.screen.tap(words.result.wrong);
    await world.screen.front.getByRole("radio", { name: new RegExp(words.wrong.unknown) }).tap();
    await world.screen.sees(words.wrong.given);
    await world.screen.back();
    await world.screen.tap(words.feedback.takeBack);
    await world.screen.dialog(words.common.remove);
    await world.screen.front.getByText(words.feedback.takeBack).waitFor({ state: "detached" });
    assert.equal(relay.given.size, 0);
    assert.equal(given(world).length, 1);
  });
});

test("without network it says that nothing was sent; a tap later sends it, and nothing else does", async () => {
  await inWorld({ relay }, async (world) => {
    const { words } = world.screen;
    relay.given.clear();
    await correct(world, words.wrong.unknown);
    await consent(world, words.wrong.send).tap();
    world.phone.setOnline(false);
    await world.screen.tap(words.wrong.save);
    await world.screen.sees(filled(words.feedback.unsent, { line: words.problem.offline }));
    await world.screen.sees(words.marks.choiceUnknown);
    await world.picture("feedback-unsent");
    await world.kill();
    world.phone.setOnline(true);
    await world.start();
    await world.screen.tab(words.tab.history);
    await world.screen.front.getByText(words.marks.choiceUnknown).tap();
    await world.screen.sees(words.feedback.drop);
    assert.equal(relay.given.size, 0);
    await world.screen.tap(words.feedback.send);
    await world.screen.sees(words.feedback.takeBack);
    assert.deepEqual([...relay.given.values()].map(({ label }) => label), ["unknown"]);
  });
});

test("a relay that takes no photos is not offered any", async () => {
  await inWorld({ relay }, async (world) => {
    relay.isOpen = false;
    try {
      await correct(world, "炭疽病");
      await consent(world, world.screen.words.wrong.teach).waitFor();
      assert.equal(await consent(world, world.screen.words.wrong.send).count(), 0);
    } finally {
      relay.isOpen = true;
    }
  });
});

for (const [language, colorScheme, fontScale] of /** @type {const} */ ([["zh_CN", "light", 1.6], ["zh_CN", "dark", 1], ["en", "light", 1], ["en", "dark", 1.6]])) {
  test(`the questions and what became of the photo fit, ${language}, ${colorScheme}, letters ${fontScale} times as large`, async () => {
    await inWorld({ relay, language, colorScheme, fontScale }, async (world) => {
      const { words } = world.screen;
      const look = async (/** @type {string} */ name) => {
        await world.wholePicture(`feedback-${language}-${colorScheme}-${fontScale}-${name}`);
        await fits(world, name);
      };
      await correct(world, language === "en" ? "Anthracnose" : "炭疽病");
      await world.screen.sees(filled(words.wrong.sendHint, { relay: relay.address, days: 365 }));
      await look("consents");
      await consent(world, words.wrong.send).tap();
      await world.screen.tap(words.wrong.save);
      await world.screen.sees(words.feedback.takeBack);
      await look("sent");
    });
  });
}
