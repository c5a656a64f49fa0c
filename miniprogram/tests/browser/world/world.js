"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { build } = require("../../harness/build");
const { Phone } = require("../../harness/phone/phone");
const { serve } = require("../../harness/server");
const { Screen } = require("./screen");

const APP = path.join(__dirname, "..", "..", "..");
const OUTPUT = path.join(__dirname, "..", "..", "output");

/**
 * @typedef {object} WorldOptions
 * @property {Pick<import("../../harness/relay/relay").Relay, "address" | "network"> | null} [relay] built into the mini-program; none where it is null
 * @property {import("../../harness/phone/network").NetworkOptions} [network] instead of the way to that relay
 * @property {Record<string, string | Buffer | null>} [replace] files of the package
 * @property {"zh_CN" | "en"} [language]
 * @property {"light" | "dark"} [colorScheme]
 * @property {boolean} [agreed] to the privacy guidelines, already
 * @property {number} [quota] of the phone's storage, in bytes
 * @property {import("../../harness/phone/phone").Slow} [slow] a busy phone
 * @property {number} [fontScale] how much larger than usual the letters are
 * @property {boolean} [release] the version that everybody gets
 * @property {RegExp[]} [expected] console errors that this world brings about
 */

let failures = 0;

/** A phone with the mini-program on it. What goes wrong in its pages is an error of the test. */
class World {
  /** @param {import("playwright-core").Browser} browser @param {WorldOptions} options */
  static async open(browser, { relay = null, network, replace = {}, language = "zh_CN", colorScheme = "light", agreed = true, quota, slow, fontScale, release, expected = [] } = {}) {
    const own = require(path.join(APP, "build.js"));
    const built = build(APP, { replace: { "build.js": `module.exports = ${JSON.stringify({ ...own, relay: relay ? relay.address : "" })};`, ...replace } });
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "mango-phone-"));
    const phone = new Phone({ home, source: built.source, network: network || relay?.network || { listed: [] }, language, agreed, quota, slow, fontScale, release });
    const server = await serve({ built, phone });
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, colorScheme, locale: language === "en" ? "en" : "zh-CN",
    });
    context.setDefaultTimeout(20_000);
    const world = new World({ phone, server, context, home, expected, language });
    try {
      await world.start();
    } catch (error) {
      await world.end();
      /** @type {Error} */ (error).message += world.log();
      throw error;
    }
    return world;
  }

  /** @param {any} parts */
  constructor({ phone, server, context, home, expected, language }) {
    /** @type {Phone} */
    this.phone = phone;
    /** @type {{ url: string, close: () => Promise<void> }} */
    this.server = server;
    /** @type {import("playwright-core").BrowserContext} */
    this.context = context;
    /** @type {string} */
    this.home = home;
    /** @type {RegExp[]} */
    this.expected = expected;
    /** @type {"zh" | "en"} */
    this.language = language === "en" ? "en" : "zh";
    /** @type {string[]} */
    this.errors = [];
  }

  /** Opens the app. */
  async start() {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.errors.push(error.stack || error.message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.errors.push(`${message.text()} (${message.location().url})`);
    });
    await page.goto(this.server.url);
    await page.waitForSelector("html[data-started]");
    this.page = page;
    this.screen = new Screen(page, this.phone, this.language);
  }

  /** Ends the app as the system does, at whatever it is doing. What the phone keeps stays. */
  async kill() {
    await this.page.close();
  }

  async restart() {
    await this.kill();
    await this.start();
  }

  /** Opens a page as a link from outside does. @param {string} url */
  async go(url) {
    await this.page.evaluate((to) => /** @type {any} */ (window).wx.reLaunch({ url: to }), url);
  }

  /** @param {string} page with or without a query */
  isAt(page) {
    return this.page.evaluate((path) => document.querySelector(".webview:not([hidden])")?.getAttribute("data-page") === path, `pages/${page.split("?")[0]}`);
  }

  /** Uploads that left the phone. */
  uploads() {
    return this.phone.sent.filter(({ method, url }) => method === "POST" && /upload_image|v1\/predict/.test(url));
  }

  /** @param {string} name */
  async picture(name) {
    fs.mkdirSync(OUTPUT, { recursive: true });
    await this.page.screenshot({ path: path.join(OUTPUT, `${name}.png`), animations: "disabled" });
  }

  /** A picture of all that scrolls on the page in front. @param {string} name */
  async wholePicture(name) {
    const { width, height } = /** @type {{ width: number, height: number }} */ (this.page.viewportSize());
    const more = await this.screen.front.evaluate((/** @type {HTMLElement} */ view) => view.scrollHeight - view.clientHeight);
    await this.page.setViewportSize({ width, height: height + more });
    await this.picture(name);
    await this.page.setViewportSize({ width, height });
  }

  /** What went wrong in the pages, to stand below another error. */
  log() {
    return this.errors.length > 0 ? `\nerrors in the pages:\n${this.errors.join("\n")}` : "";
  }

  async end() {
    await this.context.close();
    await this.server.close();
    fs.rmSync(this.home, { recursive: true, force: true });
  }

  async close() {
    await this.end();
    const unexpected = this.errors.filter((error) => !this.expected.some((pattern) => pattern.test(error)));
    assert.deepEqual(unexpected, [], "errors in the pages");
  }
}

/**
 * Runs a test in a world of its own. A test that fails leaves a picture of what was on the screen.
 * @param {import("playwright-core").Browser} browser
 * @param {WorldOptions} options
 * @param {(world: World) => Promise<void>} action
 */
async function inWorld(browser, options, action) {
  const world = await World.open(browser, options);
  try {
    await action(world);
  } catch (error) {
    await world.picture(`failed-${path.basename(process.argv[1], ".test.js")}-${failures++}`).catch(() => {});
    /** @type {Error} */ (error).message += world.log();
    await world.end();
    throw error;
  }
  await world.close();
}

module.exports = { APP, World, inWorld };
