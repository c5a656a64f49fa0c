// @ts-check
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { createClock } = require("../../../platform/clock.js");
const { createScreen } = require("../../../ui/screen.js");
const { instanceOf, optionsOf } = require("../world/stage.js");
const { byPhone, contextOf, predictionOf } = require("../world/world.js");

const all = /** @type {any} */ (globalThis);
const SURE = predictionOf("confident", [["anthracnose", 0.96]]);

/** What every page takes. @param {object} own */
function servicesOf(own) {
  const context = contextOf();
  return {
    ...context, model: { state: () => ({ status: "resting" }), subscribe: () => () => {} }, language: () => "zh", nameTabs() {}, open: () => Promise.resolve(),
    words: () => ({}), context: () => context, url: (/** @type {string} */ path) => `file:${path}`, now: () => 0,
    nameOf: (/** @type {string} */ id) => id, problem: (/** @type {any} */ { code }) => ({ text: code }), originals: new Map(),
    screen: createScreen(createClock()),
    ...own,
  };
}

/** @param {string} name @param {any} services */
function pageOf(name, services) {
  all.getApp = () => ({ services });
  all.wx = {
    switchTab() {}, navigateTo() {}, redirectTo() {}, pageScrollTo() {}, setNavigationBarTitle() {}, setTabBarItem() {}, getAppBaseInfo: () => ({}), getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }),
  };
  return instanceOf(optionsOf(`../../../pages/${name}/${name}.js`, "Page"), services);
}

/** Lets what is under way come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** @param {any} page @param {object} [query] */
async function opened(page, query = {}) {
  page.onLoad(query);
  page.onShow();
  await settled();
}

test("of many scans the history shows fifty, and more as the grower scrolls on", () => {
  const list = Array.from({ length: 120 }, (_, at) => byPhone(SURE, { id: String(at) }));
  const page = pageOf("history", servicesOf({ scanner: { list: () => list } }));
  const rows = () => page.data.days.reduce((/** @type {number} */ sum, /** @type {any} */ day) => sum + day.rows.length, 0);
  page.data.ready = true;
  page.show();
  const seen = [rows()];
  for (let times = 0; times < 3; times += 1) {
    page.onReachBottom();
    seen.push(rows());
  }
  assert.deepEqual(seen, [50, 100, 120, 120]);
});

test("what is taught of a scan are the pictures it has then, not those it had when the page opened", async () => {
  let scan = byPhone(SURE, { photos: ["0.jpg", "1.jpg"], count: 2 });
  /** @type {string[][]} */
  const taught = [];
  const services = servicesOf({
    lesson: { photos: [], done: "" }, settings: { get: () => ({ keepTaught: false }) }, scanner: { get: () => scan },
    orchard: { list: () => [], teach: async (/** @type {string} */ _id, /** @type {null} */ _label, /** @type {string[]} */ photos) => void taught.push(photos) },
  });
  const page = pageOf("teach", services);
  await opened(page, { scan: scan.id });
  page.choose({ detail: { id: "anthracnose" } });
  scan = { ...scan, photos: [], thumbnail: "t.jpg" };
  await page.teach();
  assert.deepEqual(taught, [["file:t.jpg"]]);
  scan = { ...scan, thumbnail: null };
  await page.teach();
  assert.deepEqual([taught.length, page.data.lost, page.data.working], [1, true, ""]);
});

test("photos that wait for the button are in the draft, and out of it once they are a scan", async () => {
  /** @type {string[]} */
  let draft = ["draft/1"];
  const services = servicesOf({
    scanner: { list: () => [], subscribe: () => () => {}, scan: async () => ({ id: "s" }) },
    draft: {
      list: async () => draft, clear: async () => void (draft = []),
      add: async (/** @type {string} */ taken) => {
        draft = [...draft, `draft/${taken}`];
        return `draft/${taken}`;
      },
      remove: async (/** @type {string} */ gone) => void (draft = draft.filter((path) => path !== gone)),
    },
  });
  const page = pageOf("scan", services);
  all.wx.chooseMedia = (/** @type {any} */ options) => options.success({ tempFiles: [{ tempFilePath: "a" }, { tempFilePath: "b" }] });
  // The camera returned before the services were open.
  await page.add("camera");
  await opened(page);
  assert.deepEqual(page.data.photos, ["draft/1", "draft/a", "draft/b"]);
  await page.remove({ detail: { index: 0 } });
  assert.deepEqual([page.data.photos, draft], [["draft/a", "draft/b"], ["draft/a", "draft/b"]]);
  await page.recognise();
  await settled();
  assert.deepEqual([page.data.photos, draft, services.originals.get("s")], [[], [], ["a", "b"]]);
});

test("an error stays when the page comes to the front, and goes with the next try", async () => {
  const services = servicesOf({
    scanner: { list: () => [], subscribe: () => () => {} }, lesson: { done: "" }, draft: { list: async () => [] },
    orchard: { list: () => [], canUndo: () => false }, model: { state: () => ({ orchard: null }), subscribe: () => () => {} },
  });
  for (const name of ["scan", "orchard"]) {
    const page = pageOf(name, services);
    await opened(page);
    all.wx.chooseMedia = (/** @type {any} */ options) => options.fail({ errMsg: "chooseMedia:fail" });
    await page.camera();
    assert.equal(page.data.problem.text, "camera_refused");
    page.onShow();
    assert.equal(page.data.problem.text, "camera_refused", name);
    all.wx.chooseMedia = (/** @type {any} */ options) => options.fail({ errMsg: "chooseMedia:fail cancel" });
    await page.camera();
    assert.equal(page.data.problem, null);
  }
});


test("a page that could not be opened is, by its button and whenever it comes to the front, once and for all", async () => {
  for (const again of ["tryAgain", "onShow"]) {
    let works = false;
    let shows = 0;
    let subscribed = 0;
    const scanner = { subscribe: () => { subscribed += 1; return () => {}; }, get: () => { shows += 1; return null; } };
    const open = async () => {
      if (!works) throw Object.assign(new Error("the disk"), { code: "file_failed" });
    };
    const page = pageOf("result", servicesOf({ open, scanner }));
    await opened(page, { id: "7" });
    assert.deepEqual([page.data.broken, page.data.ready, subscribed], [{ text: "file_failed" }, false, 0]);
    page[again]();
    await settled();
    assert.deepEqual([page.data.broken, page.data.ready], [{ text: "file_failed" }, false]);
    works = true;
    page[again]();
    page[again]();
    await settled();
    page[again]();
    await settled();
    assert.deepEqual([page.data.broken, page.data.ready, page.data.id, subscribed], [null, true, "7", 1]);
    assert.ok(shows > 0);
  }
});

const APP = path.join(__dirname, "../../..");
const PAGES = fs.readdirSync(path.join(APP, "pages"));

/** Handlers that a page's template names, `tryAgain` of every page apart. @param {string} name */
function handlersOf(name) {
  const template = fs.readFileSync(path.join(APP, `pages/${name}/${name}.wxml`), "utf8");
  return [...new Set([...template.matchAll(/\bbind:?[a-z]+="(\w+)"/g)].map(([, handler]) => handler))].filter((handler) => handler !== "tryAgain");
}

test("before anything is open, every handler of every page waits or says so", async () => {
  const closed = () => {
    throw new Error("used before it is open");
  };
  const files = { draft: { add: async (/** @type {string} */ taken) => taken, remove: async () => {}, clear: async () => {}, list: async () => [] } };
  const event = { detail: { id: "x", index: 0, text: "x", value: "x" }, currentTarget: { dataset: { id: "x", key: "x", index: 0, filter: "all", known: true } } };
  let said = 0;
  let handlers = 0;
  for (const name of PAGES) {
    const services = servicesOf({ ...files, lesson: { photos: [], done: "" }, open: () => new Promise(() => {}), context: closed, nameOf: closed, share: () => undefined, scanner: { list: () => [], get: () => null }, settings: { get: closed } });
    const page = pageOf(name, services);
    Object.assign(all.wx, { showToast: () => void (said += 1), chooseMedia: (/** @type {any} */ options) => options.success({ tempFiles: [{ tempFilePath: "a" }] }) });
    page.onLoad({ id: "x", scan: "x" });
    page.onShow();
    for (const handler of handlersOf(name)) {
      await page[handler](event);
      handlers += 1;
    }
    for (const moment of ["onShareAppMessage", "onReachBottom", "onHide", "onUnload"]) if (page[moment]) await page[moment]({});
    assert.equal(page.data.problem || null, null, name);
  }
  assert.ok(handlers > 35 && said > 25, `${handlers} handlers, ${said} said so`);
});

test("a page that was left before everything was open does nothing any more", async () => {
  for (const name of PAGES) {
    /** @type {() => void} */
    let finish = () => {};
    const never = () => assert.fail(`${name} goes on`);
    const services = servicesOf({ open: () => new Promise((resolve) => void (finish = () => resolve(undefined))), context: never, scanner: { subscribe: never, list: never, get: never }, model: { subscribe: never }, draft: { list: never } });
    const page = pageOf(name, services);
    page.onLoad({});
    page.onShow();
    page.onHide();
    page.onUnload();
    finish();
    await settled();
    assert.equal(page.data.ready, false);
  }
});

test("a scan's photo goes to the model once its page is drawn, or after two seconds", async () => {
  const screen = createScreen(createClock());
  await screen.settled();
  screen.expectPage();
  let drawn = false;
  const waited = screen.settled().then(() => assert.ok(drawn));
  setTimeout(() => {
    drawn = true;
    screen.pageDrawn();
  }, 50);
  await waited;
  const begun = Date.now();
  screen.expectPage();
  await screen.settled();
  assert.ok(Date.now() - begun >= 1900);
  await screen.settled();
  assert.ok(Date.now() - begun < 3900, "it is waited for once");
});
