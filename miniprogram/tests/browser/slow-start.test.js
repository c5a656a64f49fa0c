"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");

const { inWorld, photos } = prepare();

/** Milliseconds: a busy phone. */
const SLOW = { storage: 2000, catalog: 4000, worker: 3000 };

/** Every page, as a link from outside opens it. */
const PAGES = [
  "scan/scan", "guide/guide", "orchard/orchard", "history/history", "settings/settings", "result/result?id=7", "detail/detail?id=anthracnose", "teach/teach?scan=7", "wrong/wrong?scan=7", "calendar/calendar",
];

/** What a finger can tap. */
const TAPPABLE = ["button", "link", "radio", "checkbox", "switch"].map((role) => `[role=${role}]`).concat("wx-button").join(", ");

/** Taps everything that can be tapped, all at once. @param {import("./world/world").World} world @returns {Promise<number>} how many */
function tapAll({ screen }) {
  return screen.front.evaluate((/** @type {HTMLElement} */ view, /** @type {string} */ tappable) => {
    const all = [...view.querySelectorAll(tappable)];
    for (const element of all) {
      const { left, top, width, height } = element.getBoundingClientRect();
      const point = { clientX: left + width / 2, clientY: top + height / 2, identifier: 1, target: element };
      const touch = new Touch(point);
      element.dispatchEvent(new TouchEvent("touchstart", { bubbles: true, cancelable: true, composed: true, touches: [touch], changedTouches: [touch] }));
      element.dispatchEvent(new TouchEvent("touchend", { bubbles: true, cancelable: true, composed: true, touches: [], changedTouches: [touch] }));
    }
    return all.length;
  }, TAPPABLE);
}

for (const page of PAGES) {
  test(`on a slow phone everything on ${page} is tapped before anything is open`, async () => {
    await inWorld({ relay: null, slow: SLOW }, async (world) => {
      const { screen } = world;
      world.phone.camera = photos.drawn("not_mango_leaf", 1);
      await world.go(`/pages/${page}`);
      const wait = SLOW.storage + SLOW.catalog;
      const begun = Date.now();
      let taps = 0;
      while (Date.now() - begun < wait - 500) {
        taps += await tapAll(world);
        // A tap may have opened another page.
        if (!(await world.isAt(page))) await world.go(`/pages/${page}`);
        await world.page.waitForTimeout(300);
      }
      if (/^(scan|orchard)\//.test(page)) assert.ok(taps > 0, "there is something to tap");
      await screen.front.locator("skeleton").first().waitFor({ state: "detached" });
      // The page works once everything is open.
      await tapAll(world);
      await world.page.waitForTimeout(300);
    });
  });
}

test("on a slow phone photos for my orchard can be taken at once, and the pages come by themselves", async () => {
  await inWorld({ relay: null, slow: SLOW }, async (world) => {
    const { screen } = world;
    world.phone.camera = photos.drawn("unsure", 1);
    await screen.tab(screen.words.tab.orchard);
    await screen.tap(screen.words.orchard.album);
    await screen.front.getByRole("textbox", { name: screen.words.teach.search }).waitFor();
    await screen.back();
    await screen.sees(screen.words.orchard.empty);
    await screen.tab(screen.words.tab.scan);
    await screen.scan(photos.drawn("not_mango_leaf"));
    await screen.answerIs("fromPhone");
  });
});
