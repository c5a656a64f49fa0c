"use strict";
const assert = require("node:assert/strict");

const { fits } = require("./layout");

/**
 * Opens every page, the answer to a photo among them, and looks at each.
 * @param {import("./world").World} world
 * @param {string} photo that the phone is unsure of
 * @param {string} pictures the beginning of their names
 * @param {{ whole?: boolean }} [options] whether a picture has all that scrolls
 */
async function tour(world, photo, pictures, { whole = false } = {}) {
  const { screen } = world;
  const { words } = screen;
  const look = async (/** @type {string} */ name) => {
    assert.equal(await screen.front.getByText(/\b[a-z]+\.[a-z]+[A-Z]\w*\b|undefined|NaN|\[object/).count(), 0, `${name} shows a key`);
    await (whole ? world.wholePicture(`${pictures}-${name}`) : world.picture(`${pictures}-${name}`));
    await fits(world, name);
  };
  await screen.sees(words.scan.lead);
  await screen.sees(words.scan.sample);
  await look("1-scan");
  for (const tab of /** @type {const} */ (["guide", "orchard", "history", "settings"])) {
    await screen.tab(words.tab[tab]);
    await world.page.getByRole("heading", { name: words[tab].title, level: 1 }).waitFor();
    await screen.front.locator(".screen").waitFor();
    await ready(world);
    await look(`2-${tab}`);
  }
  await screen.tab(words.tab.guide);
  await screen.front.getByRole("button", { name: /Colletotrichum/ }).first().tap();
  await screen.sees(words.detail.symptoms);
  await look("3-detail");
  await screen.back();
  await screen.tab(words.tab.scan);
  await screen.scan([photo]);
  await screen.answerIs("fromRelay");
  await look("4-result");
  await screen.tap(words.result.wrong);
  await screen.sees(words.wrong.question);
  await look("5-wrong");
  await screen.front.getByRole("radio", { name: /Colletotrichum/ }).first().tap();
  await screen.sees(words.wrong.chosen);
  await look("5-wrong-chosen");
  await screen.tap(words.wrong.change);
  await screen.tap(words.wrong.ownName);
  await screen.sees(words.teach.question);
  await look("5-teach");
  await screen.front.getByRole("radio").first().tap();
  await screen.front.getByRole("button", { name: new RegExp(words.teach.save.split("{")[0]) }).tap();
  await screen.front.getByText(words.orchard.taught.split("{")[0]).waitFor();
  await look("6-orchard");
  await screen.tab(words.tab.history);
  await screen.front.getByRole("button", { name: words.history.remove }).waitFor();
  await look("7-history");
  await screen.tab(words.tab.scan);
  await screen.sees(words.scan.recent);
  await look("8-scan");
}

/** Waits until no skeleton stands for what is to come. @param {import("./world").World} world */
async function ready({ screen }) {
  await screen.front.locator("skeleton").first().waitFor({ state: "detached" });
}

module.exports = { tour };
