"use strict";
const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");

const { FeedbackRelay } = require("../harness/relay/feedback-relay");
const { fits } = require("./world/layout");
const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos, relay } = prepare(new FeedbackRelay());

beforeEach(() => relay.reset());

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

/**
 * Corrects an answer and sends the photo.
 * @param {import("./world/world").World} world
 * @param {() => Promise<void>} [agreed] done between the consent and the sending
 */
async function give(world, agreed = async () => {}) {
  const { words } = world.screen;
  await correct(world, "炭疽病");
  await consent(world, words.wrong.send).tap();
  await agreed();
  await world.screen.tap(words.wrong.save);
}

/** The photos that leave the phone from now on, as they leave it. @param {import("./world/world").World} world */
function bodiesOf(world) {
  /** @type {Buffer[]} */
  const bodies = [];
  world.phone.on("sending", ({ method, body }) => void (method === "POST" && bodies.push(body)));
  return bodies;
}

/** The photos that left the phone. @param {import("./world/world").World} world */
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
    const bodies = bodiesOf(world);
    await correct(world, "炭疽病");
    await consent(world, words.wrong.send).tap();
    await world.picture("feedback-consents");
    await world.screen.tap(words.wrong.save);
    await world.screen.sees(words.feedback.takeBack);
    await world.picture("feedback-sent");
    const [record, ...more] = relay.kept();
    assert.deepEqual([record.label, record.verdict, more], ["anthracnose", "not_mango_leaf", []]);
    assert.match(record.model, /^leaf-mini \d+\.\d+\.\d+$/);
    assert.equal(bodies.length, 1);
    const sent = bodies[0].subarray(bodies[0].indexOf("\xff\xd8", 0, "latin1"));
    assert.ok(sent.length > 1000, "it is a JPEG");
    assert.ok(!bodies[0].includes("Exif"));
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
    assert.deepEqual(relay.kept(), []);
    assert.equal(given(world).length, 1);
  });
});

test("without network it says that nothing was sent; a tap later sends it, and nothing else does", async () => {
  await inWorld({ relay }, async (world) => {
    const { words } = world.screen;
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
    assert.deepEqual(relay.kept(), []);
    await world.screen.tap(words.feedback.send);
    await world.screen.sees(words.feedback.takeBack);
    assert.deepEqual(relay.kept().map(({ label }) => label), ["unknown"]);
  });
});

test("a relay that takes no photos is not offered any", async () => {
  await relay.restartWithoutFeedback();
  await inWorld({ relay }, async (world) => {
    await correct(world, "炭疽病");
    await consent(world, world.screen.words.wrong.teach).waitFor();
    assert.equal(await consent(world, world.screen.words.wrong.send).count(), 0);
  });
});

for (const [what, flag, problem] of /** @type {const} */ ([
  ["the relay has no room", "--feedback-files", "feedback_full"],
  ["the relay takes no more of one sender in a day", "--feedback-per-day", "relay_busy"],
])) {
  test(`${what}: the second photo stays, it says why, and a tap later sends it`, async () => {
    await relay.restart([flag, "1"]);
    await inWorld({ relay }, async (world) => {
      const { screen } = world;
      const { words } = screen;
      await give(world);
      await screen.sees(words.feedback.takeBack);
      await screen.back();
      await give(world);
      await screen.sees(filled(words.feedback.unsent, { line: words.problem[problem] }));
      assert.equal(relay.kept().length, 1);
      await relay.restart();
      await screen.tap(words.feedback.send);
      await screen.sees(words.feedback.takeBack);
      assert.equal(relay.kept().length, 2);
    });
  });
}

for (const [what, flags, problem] of /** @type {const} */ ([
  ["closes", ["--feedback-per-day", "0"], "feedback_closed"],
  ["keeps photos for longer than before", ["--feedback-days", "366"], "feedback_kept_longer"],
])) {
  test(`a relay that ${what} after the grower agreed gets no photo`, async () => {
    await inWorld({ relay }, async (world) => {
      const { words } = world.screen;
      await give(world, () => relay.restart([...flags]));
      await world.screen.sees(filled(words.feedback.unsent, { line: words.problem[problem] }));
      assert.deepEqual([given(world), relay.kept()], [[], []]);
    });
  });
}

test("where the relay takes no more photos, those that it has can be deleted", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await give(world);
    await screen.sees(words.feedback.takeBack);
    await relay.restart(["--feedback-per-day", "0"]);
    await screen.tap(words.feedback.takeBack);
    await screen.dialog(words.common.remove);
    await screen.front.getByText(words.feedback.takeBack).waitFor({ state: "detached" });
    assert.deepEqual(relay.kept(), []);
  });
});

test("the relay dies while it gets the photo: it says that this is unclear, and only a tap sends it again", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen, phone } = world;
    const { words } = screen;
    /** @type {Promise<void>} */
    const died = new Promise((resolve) => {
      phone.on("sending", ({ method }) => {
        if (method !== "POST" || given(world).length > 1) return;
        relay.freeze();
        // The connection is made by then.
        setTimeout(() => relay.stop().then(resolve), 500);
      });
    });
    await give(world);
    await died;
    await screen.sees(words.feedback.unclear);
    await relay.start();
    assert.deepEqual([given(world).length, relay.kept()], [1, []]);
    await screen.tap(words.feedback.send);
    await screen.sees(words.feedback.takeBack);
    assert.equal(relay.kept().length, 1);
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
