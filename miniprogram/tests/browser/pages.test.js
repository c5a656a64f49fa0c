"use strict";
const assert = require("node:assert/strict");
const { once } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { DICTIONARIES, filled } = require("./world/screen");
const { tour } = require("./world/tour");
const { APP } = require("./world/world");

const { inWorld, photos, relay } = prepare();

/** Languages and lights that every page is seen in. */
const LOOKS = /** @type {const} */ ([["zh_CN", "light"], ["zh_CN", "dark"], ["en", "light"], ["en", "dark"]]);

for (const [language, colorScheme] of LOOKS) {
  test(`every page opens, ${language}, ${colorScheme}`, async () => {
    await inWorld({ relay, language, colorScheme }, (world) => tour(world, photos.drawn("unsure")[0], `${language}-${colorScheme}`));
  });
}

test("the theme changes under an open app", async () => {
  await inWorld({ relay: null }, async ({ page, screen }) => {
    await screen.sees(screen.words.scan.lead);
    const ground = () => page.evaluate(() => [
      getComputedStyle(/** @type {Element} */ (document.querySelector("wx-page"))).backgroundColor, getComputedStyle(/** @type {Element} */ (document.getElementById("bar"))).backgroundColor,
    ]);
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    // The app colours the bar after the theme event.
    await page.waitForFunction((bar) => getComputedStyle(/** @type {Element} */ (document.getElementById("bar"))).backgroundColor !== bar, light[1]);
    const dark = await ground();
    assert.equal(light[0], light[1]);
    assert.equal(dark[0], dark[1]);
    assert.notEqual(dark[0], light[0]);
  });
});

test("the guide finds by name and by symptom, and says when it finds nothing", async () => {
  await inWorld({ relay: null }, async ({ screen }) => {
    const { words } = screen;
    await screen.tab(words.tab.guide);
    const rows = screen.front.getByRole("button").filter({ hasText: /[A-Z][a-z]+/ });
    await rows.first().waitFor();
    const all = await rows.count();
    const field = screen.front.getByRole("textbox", { name: words.guide.search });
    await field.fill("Colletotrichum");
    await screen.sees(filled(words.guide.count, { n: 2 }));
    assert.match(await rows.allInnerTexts().then(String), /^炭疽病/);
    await field.fill("黑斑");
    await rows.nth(1).waitFor();
    assert.ok((await rows.count()) < all);
    await field.fill("一二三四五");
    await screen.sees(filled(words.guide.none, { text: "一二三四五" }));
    await screen.front.getByRole("button", { name: words.guide.clear }).tap();
    await screen.sees(filled(words.guide.count, { n: all }));
  });
});

test("records are exported as a table, and deleted records are gone", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone } = world;
    const { words } = screen;
    for (const photo of photos.drawn("not_mango_leaf", 2)) {
      await screen.scan([photo]);
      await screen.answerIs("fromPhone");
      await screen.back();
    }
    await screen.tab(words.tab.history);
    const removes = screen.front.getByRole("button", { name: words.history.remove });
    await removes.nth(1).waitFor();
    await screen.tap(words.history.export);
    const shared = once(phone, "shared");
    await screen.tap(words.common.sendFile);
    const [file] = await shared;
    const table = phone.files.read(file.filePath).toString("utf8");
    assert.equal(table.charCodeAt(0), 0xfeff, "spreadsheets take it as UTF-8");
    assert.equal(table.trim().split("\r\n").length, 3);
    await removes.first().tap();
    await screen.dialog(words.common.remove);
    await removes.nth(1).waitFor({ state: "detached" });
    await world.restart();
    await world.screen.tab(words.tab.history);
    await world.screen.front.getByRole("button", { name: words.history.remove }).waitFor();
    assert.equal(await world.screen.front.getByRole("button", { name: words.history.remove }).count(), 1);
    await world.screen.tap(words.history.removeAll);
    await world.screen.dialog(words.common.remove);
    await world.screen.sees(words.history.empty);
    await world.restart();
    await world.screen.tab(words.tab.history);
    await world.screen.sees(words.history.empty);
  });
});

test("WeChat's dialogs open in English too", async () => {
  await inWorld({ relay: null, language: "en" }, async ({ screen }) => {
    const { words } = screen;
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
    await screen.back();
    await screen.tab(words.tab.history);
    await screen.tap(words.history.remove);
    await screen.dialog(words.common.cancel);
    await screen.tap(words.history.remove);
    await screen.dialog(words.common.remove);
    await screen.sees(words.history.empty);
  });
});

test("an address is kept only when a relay answers there", async () => {
  const network = {
    ...relay.network, listed: [relay.address, "https://nobody.mango.test"], hosts: { ...relay.hosts, "nobody.mango.test": "127.0.0.1:9" },
  };
  await inWorld({ relay, network }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await screen.tab(words.tab.settings);
    const field = screen.front.getByRole("textbox", { name: words.settings.relay });
    assert.equal(await field.inputValue(), relay.address);
    await field.fill("https://nobody.mango.test");
    await screen.tap(words.settings.test);
    await screen.sees(words.problem.relay_unreachable);
    await field.fill("not an address");
    await screen.tap(words.settings.test);
    await screen.sees(words.problem.relay_address);
    await world.restart();
    await world.screen.tab(words.tab.settings);
    const again = world.screen.front.getByRole("textbox", { name: words.settings.relay });
    await again.waitFor();
    assert.equal(await again.inputValue(), relay.address);
    await world.screen.tap(words.settings.test);
    await world.screen.sees(words.settings.tested);
  });
});

test("settings survive a restart, and the language is the one that was chosen", async () => {
  await inWorld({ relay }, async (world) => {
    const { words } = world.screen;
    await world.screen.tab(words.tab.settings);
    await world.screen.front.getByRole("radio", { name: words.settings.phone }).tap();
    await world.screen.front.getByRole("radio", { name: "English" }).tap();
    await world.page.getByRole("heading", { name: DICTIONARIES.en.settings.title, level: 1 }).waitFor();
    await world.restart();
    await world.screen.sees(DICTIONARIES.en.scan.lead);
    await world.screen.tab(DICTIONARIES.en.tab.settings);
    const chosen = world.screen.front.getByRole("radio", { name: DICTIONARIES.en.settings.phone });
    assert.equal(await chosen.getAttribute("aria-checked"), "true");
  });
});

test("no photo is chosen before the grower agreed to the privacy guide", async () => {
  await inWorld({ relay: null, agreed: false }, async (world) => {
    const { screen, phone } = world;
    const { words } = screen;
    phone.camera = photos.drawn("not_mango_leaf");
    await screen.tap(words.scan.album);
    await screen.sees(words.privacy.title);
    await world.picture("privacy");
    await screen.tap(words.privacy.decline);
    await screen.sees(words.problem.privacy_declined);
    assert.equal(phone.camera.length, 1);
    await screen.tap(words.scan.album);
    await screen.tap(words.privacy.agree);
    await screen.front.getByRole("img", { name: filled(words.scan.photo, { n: 1 }) }).waitFor();
    await world.restart();
    // The consent is stored: another photo is added without asking.
    phone.camera = photos.drawn("not_mango_leaf", 2).slice(1);
    await world.screen.tap(words.scan.album);
    await world.screen.tap(filled(words.scan.recognise, { n: 2 }));
    await world.screen.answerIs("fromPhone");
  });
});

test("the relay's model is looked at from the settings, and scans go on", async () => {
  await inWorld({ relay }, async (world) => {
    const { screen } = world;
    const { words } = screen;
    await screen.tab(words.tab.settings);
    await screen.tap(words.settings.update);
    const taken = filled(words.settings.updated, { name: "leaf-mini", version: "" });
    await screen.front.getByText(words.settings.upToDate).or(screen.front.getByText(taken)).waitFor();
    assert.ok(world.phone.sent.some(({ url }) => url.endsWith("/v1/device-model")));
    await screen.tab(words.tab.scan);
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
  });
});

test("an error in a page fails its test", async () => {
  const app = fs.readFileSync(path.join(APP, "app.js"), "utf8");
  const throws = { "app.js": `${app}\nsetTimeout(() => { throw new Error("a slip"); }, 100);` };
  await assert.rejects(inWorld({ relay: null, replace: throws }, ({ page }) => page.waitForTimeout(500)), /a slip/);
});
