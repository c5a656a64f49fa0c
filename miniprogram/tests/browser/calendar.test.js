"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { fits } = require("./world/layout");
const { prepare } = require("./world/prepare");

const { inWorld } = prepare(null);

/** @param {import("./world/world").World} world */
async function open({ screen }) {
  await screen.tab(screen.words.tab.guide);
  await screen.front.getByRole("button", { name: /Colletotrichum/ }).first().waitFor();
  await screen.front.locator(".calendar").tap();
  await screen.sees(screen.words.calendar.where);
}

/** @param {import("./world/world").World} world @param {string} name */
const stage = ({ screen }, name) => screen.front.getByRole("button", { name: new RegExp(name) }).first();

test("the year of a region is shown, remembered, and leads to the guide", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { words } = world.screen;
    await open(world);
    await world.screen.sees(words.calendar.whereHint);
    await world.screen.front.getByRole("radio", { name: words.calendar.guangxi }).tap();
    await stage(world, words.calendar.harvest).waitFor();
    const harvest = stage(world, words.calendar.harvest);
    if ((await harvest.getAttribute("aria-expanded")) === "false") await harvest.tap();
    await world.screen.sees(words.calendar.look_harvest);
    await world.screen.front.getByRole("button", { name: /Aspergillus niger/ }).tap();
    await world.screen.sees(words.detail.symptoms);
    await world.restart();
    await open(world);
    const chosen = world.screen.front.getByRole("radio", { name: words.calendar.guangxi });
    assert.equal(await chosen.getAttribute("aria-checked"), "true");
    await stage(world, words.calendar.harvest).waitFor();
    assert.deepEqual(world.phone.sent, []);
  });
});

test("a grower's own months begin with those of the region, and are kept beside it", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { words } = world.screen;
    await open(world);
    await world.screen.front.getByRole("radio", { name: words.calendar.hainan }).tap();
    await stage(world, "11月–2月").waitFor();
    await world.screen.front.getByRole("radio", { name: words.calendar.own }).tap();
    const flowering = stage(world, words.calendar.flowering);
    if ((await flowering.getAttribute("aria-expanded")) === "false") await flowering.tap();
    await world.screen.front.getByRole("checkbox", { name: "3月", exact: true }).first().tap();
    await stage(world, "11月–3月").waitFor();
    await world.restart();
    await open(world);
    await stage(world, "11月–3月").waitFor();
    await world.screen.front.getByRole("radio", { name: words.calendar.hainan }).tap();
    await stage(world, "11月–2月").waitFor();
    await world.screen.front.getByRole("radio", { name: words.calendar.own }).tap();
    await stage(world, "11月–3月").waitFor();
  });
});

for (const [language, colorScheme, fontScale] of /** @type {const} */ ([["zh_CN", "light", 1], ["zh_CN", "dark", 1.6], ["en", "light", 1.6], ["en", "dark", 1]])) {
  test(`the calendar fits, ${language}, ${colorScheme}, letters ${fontScale} times as large`, async () => {
    await inWorld({ relay: null, language, colorScheme, fontScale }, async (world) => {
      const { words } = world.screen;
      await open(world);
      for (const region of /** @type {const} */ (["dryValleys", "own"])) {
        await world.screen.front.getByRole("radio", { name: words.calendar[region] }).tap();
        await stage(world, words.calendar.harvest).waitFor();
        await world.wholePicture(`calendar-${language}-${colorScheme}-${region}`);
        await fits(world, region);
      }
    });
  });
}
