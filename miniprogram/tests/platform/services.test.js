"use strict";
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { brotliDecompressSync } = require("node:zlib");
const { FakeFiles, later } = require("./world/wx.js");

const APP = path.join(__dirname, "../..");

/** The app on a WeChat of which some calls fail. @param {(call: string, path: string) => boolean} fails */
function appOn(fails) {
  const fake = new FakeFiles();
  const act = fake.act.bind(fake);
  const refuse = (/** @type {string} */ call, /** @type {string} */ file) => {
    if (fails(call, file)) throw { errMsg: `${call}:fail system error`, errCode: 1300005 };
  };
  fake.act = (call, options) => {
    refuse(call, options.filePath || options.dirPath || "");
    return act(call, options);
  };
  fake.manager.readCompressedFile = (/** @type {any} */ options) =>
    later(options, () => {
      refuse("readCompressedFile", options.filePath);
      return { data: new Uint8Array(brotliDecompressSync(readFileSync(path.join(APP, options.filePath)))).buffer };
    });
  /** @type {any} */ (globalThis).wx = {
    ...fake.wx(),
    getAppBaseInfo: () => ({ language: "zh_CN" }),
    onNetworkStatusChange() {},
    getNetworkType: (/** @type {any} */ options) => later(options, () => ({ networkType: "4g" })),
  };
  const { createServices } = require("../../services.js");
  return createServices();
}

for (const [what, file] of [["settings", "settings.json"], ["catalog", "catalog.json"], ["a folder of scans", "scans"]]) {
  test(`what failed to open is opened by the next try: ${what}`, async () => {
    let isBroken = true;
    const services = appOn((_, path) => isBroken && path.includes(file));
    await assert.rejects(services.open(), (/** @type {any} */ error) => ["file_failed", "model_missing"].includes(error.code));
    isBroken = false;
    await Promise.all([services.open(), services.open()]);
    assert.ok(services.catalog.find("anthracnose"));
    assert.deepEqual(services.scanner.list(), []);
  });
}

test("the app opens if the installed state cannot be read", async () => {
  const services = appOn((_, path) => path.includes("current.json"));
  await services.open();
  assert.equal(services.model.state().status, "resting");
});
