"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { sharePicture } = require("../../ui/share-picture.js");

/**
 * Hands a picture to a WeChat whose calls end like this; a call that is not named is not there.
 * @param {Record<string, "ok" | string>} calls name and errMsg
 */
async function shared(calls) {
  /** @type {string[]} */
  const asked = [];
  const entries = Object.entries(calls).map(([name, end]) => [name, (/** @type {any} */ options) => {
    asked.push(name);
    assert.ok([options.path, options.filePath, options.urls && options.urls[0]].includes("p.jpg"));
    return end === "ok" ? options.success({}) : options.fail({ errMsg: `${name}:fail ${end}` });
  }]);
  /** @type {any} */ (globalThis).wx = Object.fromEntries(entries);
  return { how: await sharePicture("p.jpg").catch(({ code }) => code), asked };
}

test("WeChat's menu comes first; who turns away there is asked nothing more", async () => {
  assert.deepEqual(await shared({ showShareImageMenu: "ok", saveImageToPhotosAlbum: "ok" }), { how: "shared", asked: ["showShareImageMenu"] });
  assert.deepEqual(await shared({ showShareImageMenu: "cancel", saveImageToPhotosAlbum: "ok" }), { how: "cancelled", asked: ["showShareImageMenu"] });
});

test("without the menu the picture is saved, and where that is refused it is shown", async () => {
  assert.deepEqual(await shared({ saveImageToPhotosAlbum: "ok" }), { how: "saved", asked: ["saveImageToPhotosAlbum"] });
  assert.deepEqual(await shared({ showShareImageMenu: "not supported", saveImageToPhotosAlbum: "auth deny", previewImage: "ok" }), {
    how: "shown", asked: ["showShareImageMenu", "saveImageToPhotosAlbum", "previewImage"],
  });
  assert.deepEqual(await shared({ previewImage: "ok" }), { how: "shown", asked: ["previewImage"] });
  assert.equal((await shared({ saveImageToPhotosAlbum: "cancel", previewImage: "ok" })).how, "cancelled");
  assert.equal((await shared({ previewImage: "broken" })).how, "share_refused");
});
