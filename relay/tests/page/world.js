"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before } = require("node:test");

const { picture } = require("../../../miniprogram/tests/model/world/picture");
const { launch } = require("../../../miniprogram/tests/browser/world/chromium");
const { Relay } = require("../../../miniprogram/tests/harness/relay/relay");

const HOST = "relay.mango.test";
/** Timeout of a prediction on a busy machine, ms. */
const TIMEOUT = 60_000;
/** Drawn leaves to search for suitable ones. */
const DRAWN = 24;

const leaf = (number) => ({ name: `leaf-${number}.png`, mimeType: "image/png", buffer: picture(number) });

const isLeaf = (verdict) => verdict !== "not_mango_leaf";

/** Chooses photos, sends them, and returns the relay's response. */
async function identify(page, photos) {
  await page.setInputFiles("#files", photos);
  const [answer] = await Promise.all([page.waitForResponse(/predict/), page.click("#ask")]);
  const json = await answer.json();
  await page.locator(answer.ok() ? "#answer" : "#trouble").waitFor();
  return json;
}

/** A prediction in the relay's form. @param {string} verdict @param {[string, number][]} classes */
const predicted = (verdict, classes, more = {}) =>
  ({ model: { name: "a", version: "1" }, verdict, classes: classes.map(([id, probability]) => ({ id, probability, basis: "trained" })), ...more });

/** The page's text for a made-up response. The model's answer to a drawn leaf is not known in advance. */
async function saidTo(page, pooled, photos = [pooled]) {
  await page.unroute(/predict/);
  await page.route(/predict/, (route) => route.fulfill({ json: { pooled, photos } }));
  await identify(page, photos.map((_, number) => leaf(number)));
  return page.innerText("#answer");
}

async function picturesOf(page, name) {
  if (!process.env.MANGO_SHOTS) return;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(process.env.MANGO_SHOTS, `${name}-${colorScheme}.png`), fullPage: true });
  }
}

/** A relay and a browser for the tests of a file. @param {string[]} flags of the browser */
function prepare(flags = []) {
  let browser;
  const relay = new Relay();

  before(async () => {
    [browser] = await Promise.all([launch(flags), relay.start()]);
  });

  after(async () => {
    await browser?.close();
    await relay.close();
  });

  const origin = () => `https://127.0.0.1:${relay.hosts[HOST].split(":")[1]}`;

  /**
   * Opens the page, runs `use` on it, and checks that there is no error and no request to another server. Chromium
   * reports violations of a page's policy as errors. `before` runs in the page before its own script.
   */
  async function onPage(options, use) {
    const { expected = [], before: first, ...context } = options;
    const world = await browser.newContext({ ignoreHTTPSErrors: true, locale: "zh-CN", ...context });
    try {
      const page = await world.newPage();
      const faults = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("request", (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(`${origin()}/`)) faults.push(request.url());
      });
      page.setDefaultTimeout(TIMEOUT);
      if (first) await page.addInitScript(first);
      const answer = await page.goto(`${origin()}/`);
      assert.equal(answer.headers()["content-type"], "text/html; charset=utf-8");
      await use(page, world, faults);
      const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      assert.deepEqual(unexpected, []);
    } finally {
      await world.close();
    }
  }

  /** Photos with that verdict: the model's verdict on a drawn leaf is not known in advance. */
  async function drawn(world, wanted, count) {
    const found = [];
    for (let number = 0; number < DRAWN && found.length < count; number += 1) {
      const answer = await world.request.post(`${origin()}/upload_image`, { multipart: { picture: leaf(number) } });
      if (wanted((await answer.json()).verdict)) found.push(leaf(number));
    }
    assert.equal(found.length, count, `of ${DRAWN} drawn leaves ${found.length} will do; draw more`);
    return found;
  }

  return { drawn, identify, isLeaf, leaf, onPage, origin, picturesOf, predicted, relay, saidTo };
}

module.exports = { prepare };
