// @ts-check
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { createPrivacy } = require("../../../platform/privacy.js");
const { instanceOf, optionsOf } = require("../world/stage.js");

/** Pages with a sheet each, and WeChat, which asks. */
function world() {
  /** @type {any} */
  let listener = null;
  const wx = { onNeedPrivacyAuthorization: (/** @type {any} */ listens) => (listener = listens) };
  const services = { privacy: createPrivacy(/** @type {any} */ (wx)), words: () => ({}), t: (/** @type {string} */ key) => key, settings: { get: () => ({ relay: "" }) } };
  const options = optionsOf("../../../components/privacy-sheet/privacy-sheet.js", "Component");
  return {
    open() {
      const sheet = instanceOf(options, services);
      options.lifetimes.attached.call(sheet);
      options.pageLifetimes.show.call(sheet);
      return {
        sheet,
        show: () => options.pageLifetimes.show.call(sheet),
        hide: () => options.pageLifetimes.hide.call(sheet),
        close: () => options.lifetimes.detached.call(sheet),
      };
    },
    /** @returns {string[]} events reported to WeChat */
    need() {
      /** @type {string[]} */
      const events = [];
      listener((/** @type {{ event: string }} */ { event }) => events.push(event), { referrer: "chooseMedia" });
      return events;
    },
  };
}

test("reading the privacy guide, which hides the page, refuses nothing", () => {
  const { open, need } = world();
  const page = open();
  const events = need();
  page.hide();
  page.show();
  assert.deepEqual([page.sheet.data.open, page.sheet.data.text], [true, "privacy.textPhone"], "no relay is set");
  page.sheet.agree();
  assert.deepEqual(events, ["exposureAuthorization", "agree"]);
  assert.equal(page.sheet.data.open, false);
});

test("a sheet left behind is closed and its question declined, when another page could ask or its own is gone", () => {
  const { open, need } = world();
  const first = open();
  const events = need();
  first.hide();
  const second = open();
  assert.deepEqual([events, first.sheet.data.open], [["exposureAuthorization", "disagree"], false]);
  const again = need();
  assert.deepEqual([second.sheet.data.open, first.sheet.data.open], [true, false]);
  second.close();
  assert.deepEqual(again, ["exposureAuthorization", "disagree"]);
  first.show();
  const last = need();
  first.sheet.refuse();
  assert.deepEqual(last, ["exposureAuthorization", "disagree"]);
});

test("without a page with a sheet no call waits for ever", () => {
  const { open, need } = world();
  const page = open();
  page.hide();
  assert.deepEqual(need(), ["disagree"]);
});
