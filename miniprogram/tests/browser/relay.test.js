"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { Relay } = require("../harness/relay/relay");

const { inWorld, photos, relay } = prepare();

/** A package whose modules are not what they should be. */
const BROKEN = brokenBy(Buffer.from("no wasm, and not packed"));

/** @param {Buffer | null} content in place of both modules */
function brokenBy(content) {
  return { "model/mango.wasm.br": content, "scalar/mango.wasm.br": content };
}

/** What the browser itself writes down when the broken wasm is asked for. */
const BROKEN_ERRORS = [/Failed to load resource.*(404|500)/];

/**
 * Waits until the phone sent so many photos and not more.
 * @param {import("./world/world").World} world
 * @param {number} count
 */
async function uploaded(world, count) {
  const end = Date.now() + 10_000;
  while (world.uploads().length < count && Date.now() < end) await world.page.waitForTimeout(100);
  assert.equal(world.uploads().length, count);
}

test("without a network the phone's answer is provisional; when it returns the relay confirms it", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen, phone } = world;
    phone.setOnline(false);
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("provisional");
    await screen.sees(screen.words.card.provisionalOffline);
    await world.picture("provisional");
    phone.setOnline(true);
    await screen.answerIs("fromRelay");
    assert.equal(await screen.front.getByText(screen.words.card.provisional, { exact: true }).count(), 0);
    assert.equal(world.uploads().length, 1);
  });
});

test("a relay that is down is asked again until it is back", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    await relay.stop();
    try {
      await screen.scan(photos.drawn("unsure"));
      await screen.answerIs("provisional");
      await screen.sees(/ERR_CONNECTION_REFUSED/);
    } finally {
      await relay.start();
    }
    await screen.answerIs("fromRelay");
    await screen.back();
    await screen.tab(screen.words.tab.history);
    assert.equal(await screen.front.getByRole("button", { name: screen.words.history.remove }).count(), 1);
  });
});

test("with a broken wasm module the grower is asked once, and the relay answers", async () => {
  await inWorld({ relay, replace: BROKEN, expected: BROKEN_ERRORS }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.page.getByRole("dialog").getByText(screen.words.consent.title).waitFor();
    assert.deepEqual(world.uploads(), []);
    await world.picture("consent");
    await screen.dialog(screen.words.consent.send);
    await screen.answerIs("fromRelay");
    await screen.back();
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromRelay");
    await uploaded(world, 2);
  });
});

test("where the wasm is broken and there is no relay, it says so and can be tried again", async () => {
  await inWorld({ relay: null, replace: BROKEN, expected: BROKEN_ERRORS }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.sees(screen.words.card.stuckTitle);
    await world.picture("stuck");
    await screen.tap(screen.words.common.tryAgain);
    await screen.sees(screen.words.card.stuckTitle);
    await screen.back();
    await screen.tab(screen.words.tab.history);
    await screen.sees(screen.words.state.stuck);
  });
});

test("where the wasm is missing and the grower declines, the photo stays and is sent when asked to", async () => {
  await inWorld({ relay, replace: brokenBy(null), expected: BROKEN_ERRORS }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.dialog(screen.words.consent.keep);
    await screen.sees(screen.words.problem.upload_declined);
    assert.deepEqual(world.uploads(), []);
    await screen.tap(screen.words.result.askRelay);
    await screen.answerIs("fromRelay");
  });
});

test("an untrusted certificate is reported as such, and the photo waits", async () => {
  const stranger = new Relay();
  try {
    await inWorld({ relay, network: { ...relay.network, ca: stranger.certificates.root } }, async (world) => {
      const { screen } = world;
      await screen.scan(photos.drawn("unsure"));
      await screen.sees(screen.words.problem.relay_certificate);
      await screen.answerIs("provisional");
      await world.picture("certificate");
    });
  } finally {
    await stranger.close();
  }
});

test("a domain that the AppID does not list is reported as such", async () => {
  await inWorld({ relay, network: { ...relay.network, listed: [] } }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.sees(screen.words.problem.relay_domain);
    assert.equal(world.uploads().length, 1);
  });
});

test("without an address of a relay the phone's answer stands", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("fromPhone");
    assert.deepEqual(world.phone.sent, []);
  });
});

test("if the engine rejects the first module the second one answers on the phone", async () => {
  await inWorld({ relay: null, replace: { "model/mango.wasm.br": BROKEN["model/mango.wasm.br"] }, expected: BROKEN_ERRORS }, async (world) => {
    const { screen } = world;
    await screen.scan(photos.drawn("unsure"));
    await screen.answerIs("fromPhone");
  });
});
