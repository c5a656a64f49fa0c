"use strict";
const assert = require("node:assert/strict");
const { once } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");

const { inWorld, photos } = prepare(null);
const OUTPUT = path.join(__dirname, "..", "output");

/** Scans an unsure leaf and opens the picture for a person. @param {import("./world/world").World} world */
async function open({ screen }) {
  const { words } = screen;
  await screen.scan(photos.drawn("unsure"));
  await screen.answerIs("fromPhone");
  await ask(screen);
  await screen.sees(words.person.contains);
}

/** The kinds of what left the app, once something has. @param {import("../harness/phone/phone").Phone} phone */
async function shared(phone) {
  if (phone.shared.length === 0) await once(phone, "shared");
  return phone.shared.map(({ kind }) => kind);
}

/** @param {import("./world/screen").Screen} screen */
async function ask(screen) {
  await screen.tap(screen.words.result.askPerson);
  await screen.front.getByRole("img", { name: screen.words.person.picture }).waitFor();
}

for (const [language, colorScheme, fontScale] of /** @type {const} */ ([["zh_CN", "light", 1], ["zh_CN", "dark", 1.6], ["en", "light", 1.6], ["en", "dark", 1]])) {
  test(`a person gets one picture, seen and agreed to first, ${language}, ${colorScheme}, letters ${fontScale} times as large`, async () => {
    await inWorld({ relay: null, language, colorScheme, fontScale }, async (world) => {
      const { screen, phone } = world;
      const { words } = screen;
      await open(world);
      await world.picture(`person-${language}-${colorScheme}`);
      const [sheet, send] = await Promise.all(["dialog", "button"].map((role) =>
        screen.front.getByRole(/** @type {"dialog"} */ (role), { name: role === "dialog" ? words.person.title : words.person.send }).boundingBox()));
      assert.ok(sheet && send && send.y + send.height <= sheet.y + sheet.height + 1, "the button is in sight");
      await screen.tap(words.person.keep);
      assert.deepEqual(phone.shared, [], "who does not agree sends nothing");
      await ask(screen);
      await screen.tap(words.person.send);
      await screen.front.getByText(words.person.contains).waitFor({ state: "detached" });
      assert.deepEqual(await shared(phone), ["image"]);
      const picture = phone.files.read(/** @type {any} */ (phone.shared[0]).path);
      assert.deepEqual([...picture.subarray(0, 3)], [0xff, 0xd8, 0xff]);
      assert.ok(!picture.includes("Exif"), "no place and no device is in it");
      fs.writeFileSync(path.join(OUTPUT, `person-${language}-picture.jpg`), picture);
      assert.deepEqual(world.uploads(), []);
    });
  });
}

test("without WeChat's share menu the picture is saved in the album, and the page says so", async () => {
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone } = world;
    await open(world);
    await world.page.evaluate(() => {
      delete (/** @type {any} */ (window).wx.showShareImageMenu);
    });
    await screen.tap(screen.words.person.send);
    await world.page.getByText(screen.words.person.saved).waitFor();
    assert.deepEqual(await shared(phone), ["album"]);
  });
});

test("a photo without a mango leaf can be sent to an agronomist too", async () => {
  await inWorld({ relay: null }, async ({ screen, phone }) => {
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
    await ask(screen);
    await screen.tap(screen.words.person.send);
    await screen.front.getByText(screen.words.person.contains).waitFor({ state: "detached" });
    assert.deepEqual(await shared(phone), ["image"]);
  });
});
