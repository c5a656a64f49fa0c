"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { prepare } = require("./world/prepare");
const { filled } = require("./world/screen");

const { inWorld, photos, relay } = prepare();

/**
 * Teaches photos under a name that the catalog does not have.
 * @param {import("./world/world").World} world @param {string[]} files @param {string} name
 */
async function teach({ screen, phone }, files, name) {
  const { words } = screen;
  await screen.tab(words.tab.orchard);
  phone.camera = [...files];
  await screen.tap(words.orchard.album);
  await screen.front.getByRole("textbox", { name: words.teach.search }).fill(name);
  await screen.front.getByRole("radio", { name: new RegExp(name) }).tap();
  await screen.tap(filled(words.teach.save, { name }));
  await screen.sees(filled(words.orchard.taught, { name }));
}

test("a taught class is recognised, stays on the phone, and survives a restart", async () => {
  const [photo, other] = photos.drawn("unsure", 2);
  await inWorld({ relay }, async (world) => {
    await teach(world, [photo], "红蜘蛛");
    await world.picture("orchard-taught");
    assert.deepEqual(world.phone.sent, [], "nothing that was taught leaves the phone");
    await world.restart();
    const { screen } = world;
    await screen.scan([photo]);
    await screen.sees("红蜘蛛");
    await world.picture("orchard-ranked");
    await screen.back();
    await teach(world, [other], "红蜘蛛");
    await screen.sees(filled(screen.words.orchard.photos, { n: 2 }));
    await screen.tap(screen.words.orchard.undo);
    await screen.sees(filled(screen.words.orchard.photos, { n: 1 }));
  });
});

test("taught classes are exported to a file and imported on another phone", async () => {
  const [photo] = photos.drawn("unsure");
  /** @type {Buffer} */
  let backup = Buffer.alloc(0);
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone } = world;
    await teach(world, [photo], "蓟马");
    await screen.tap(screen.words.orchard.export);
    await screen.tap(screen.words.common.sendFile);
    const [file] = await shared(phone);
    backup = phone.files.read(String(file.filePath));
  });
  await inWorld({ relay: null }, async (world) => {
    const { screen, phone, home } = world;
    const file = path.join(home, "backup.gallery");
    fs.writeFileSync(file, backup);
    await screen.tab(screen.words.tab.orchard);
    phone.camera = [file];
    await screen.tap(screen.words.orchard.import);
    await screen.sees("蓟马");
    phone.camera = [photos.drawn("unsure")[0]];
    await screen.tap(screen.words.orchard.import);
    await screen.dialog(screen.words.orchard.importYes);
    await screen.sees(screen.words.problem.bad_gallery);
    await screen.sees("蓟马");
  });
});

/** What left the app, once something has. @param {import("../harness/phone/phone").Phone} phone */
async function shared(phone) {
  if (phone.shared.length === 0) await new Promise((resolve) => phone.once("shared", resolve));
  return phone.shared;
}
