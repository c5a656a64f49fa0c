"use strict";
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { brotliDecompressSync } = require("node:zlib");

const { picture } = require("../../model/world/picture.js");
const { createWorkers } = require("../../model/world/workers.js");
const { FakeFiles, later } = require("../../platform/world/wx.js");
const { APP, Stage } = require("./stage.js");

/**
 * The app with its real services and its real model, on a WeChat whose pages run on exparser.
 * @param {import("node:test").TestContext} t ends it
 */
function startApp(t) {
  const fake = new FakeFiles();
  fake.folders.add("wxfile://tmp");
  fake.manager.readCompressedFile = (/** @type {any} */ options) =>
    later(options, () => ({ data: new Uint8Array(brotliDecompressSync(readFileSync(path.join(APP, options.filePath)))).buffer }));
  const { createWorker, state: workers } = createWorkers();
  /** Where the app went: each path with its query. @type {string[]} */
  const went = [];
  /** @type {string[]} */
  const toasts = [];
  const go = (/** @type {any} */ options) => {
    went.push(options.url);
    later(options, () => ({}));
  };
  let photos = 0;
  /** @type {any} */ (globalThis).wx = {
    ...fake.wx(),
    createWorker,
    getAppBaseInfo: () => ({ language: "zh_CN", fontSizeScaleFactor: 1 }),
    getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }),
    onNetworkStatusChange() {},
    getNetworkType: (/** @type {any} */ options) => later(options, () => ({ networkType: "none" })),
    setNavigationBarTitle() {},
    setTabBarItem() {},
    navigateTo: go,
    switchTab: go,
    redirectTo: go,
    navigateBack: () => void went.push("back"),
    pageScrollTo() {},
    showToast: (/** @type {any} */ { title }) => void toasts.push(title),
    showModal: (/** @type {any} */ options) => later(options, () => ({ confirm: true })),
    chooseMedia: (/** @type {any} */ options) =>
      later(options, () => {
        photos += 1;
        const file = `wxfile://tmp/${photos}.png`;
        fake.content.set(file, new Uint8Array(picture(photos)));
        return { tempFiles: [{ tempFilePath: file }] };
      }),
  };
  const { createServices } = require("../../../services.js");
  const services = createServices();
  /** @type {any} */ (globalThis).getApp = () => ({ services });
  t.after(() => {
    services.scanner.close();
    if (workers.kill) workers.kill();
  });
  return { services, went, toasts };
}

/** Opens a page as WeChat does. @param {string} name @param {Record<string, string>} [query] */
function openPage(name, query = {}) {
  const stage = new Stage(`pages/${name}/${name}`);
  Object.assign(stage.instance, { language: "", query: {}, inFront: false, gone: false });
  stage.instance.onLoad(query);
  stage.instance.onShow();
  return stage;
}

/** @param {Stage} stage */
function closePage(stage) {
  stage.instance.onUnload();
  stage.close();
}

module.exports = { startApp, openPage, closePage };
