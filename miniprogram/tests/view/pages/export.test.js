// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { instanceOf, optionsOf } = require("../world/stage.js");

const all = /** @type {any} */ (globalThis);

test("a file is sent within the tap itself, as an iPhone wants it", async () => {
  for (const [path, field] of [["../../../pages/history/history.js", "table"], ["../../../pages/orchard/orchard.js", "backup"]]) {
    /** @type {any[]} */
    const shared = [];
    all.wx = { getAppBaseInfo: () => ({}), shareFileMessage: (/** @type {any} */ options) => shared.push(options) };
    const services = {
      words: () => ({}), t: (/** @type {string} */ key) => key, context: () => ({}), url: (/** @type {string} */ url) => url, now: () => 0,
      problem: (/** @type {any} */ { code }) => ({ text: code }),
      writeTable: async () => "file", scanner: { list: () => [] }, lesson: { done: "" },
      orchard: { exportFile: async () => "file", list: () => [], canUndo: () => false }, model: { state: () => ({ orchard: null }) },
    };
    all.getApp = () => ({ services });
    const page = instanceOf(optionsOf(path, "Page"), services);
    page.data.ready = true;
    await page.export();
    assert.equal(page.data[field], "file");
    assert.deepEqual(shared, []);
    const sent = page.send();
    assert.equal(shared[0].filePath, "file", "before anything is waited for");
    shared[0].fail({ errMsg: "shareFileMessage:fail" });
    await sent;
    assert.equal(page.data.problem.text, "share_refused");
    assert.equal(page.data[field], "file", "it can be tried again");
  }
});
