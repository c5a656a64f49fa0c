"use strict";
const path = require("node:path");

const I18N = path.join(__dirname, "..", "..", "..", "i18n");

/** @type {Record<"zh" | "en", Record<string, any>>} */
const DICTIONARIES = { zh: require(path.join(I18N, "zh.js")), en: require(path.join(I18N, "en.js")) };

/** What a grower does and sees. Everything is found by its words or its name for a screen reader. */
class Screen {
  /**
   * @param {import("playwright-core").Page} page
   * @param {import("../../harness/phone/phone").Phone} phone
   * @param {"zh" | "en"} language
   */
  constructor(page, phone, language) {
    this.page = page;
    this.phone = phone;
    this.words = DICTIONARIES[language];
  }

  /** The page in front. */
  get front() {
    return this.page.locator(".webview:not([hidden])");
  }

  /** @param {string | RegExp} name */
  button(name) {
    return this.front.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** @param {string | RegExp} name */
  async tap(name) {
    await this.button(name).first().tap();
  }

  /** Text on the page in front. @param {string | RegExp} text */
  async sees(text) {
    await this.front.getByText(text).first().waitFor();
  }

  /** That a photo shows no mango, whichever parts of the tree the model knows. @param {"notLeaf" | "notLeafHint"} words */
  async seesNoMango(words) {
    await this.sees(new RegExp(this.words.card[words].replace(/\./g, "\\.").replace("{what}", ".+")));
  }

  /** @param {string} name */
  async tab(name) {
    await this.page.getByRole("tab", { name, exact: true }).tap();
  }

  async back() {
    await this.page.getByRole("button", { name: "返回" }).tap();
  }

  /** The button of WeChat's own dialog. @param {string} name */
  async dialog(name) {
    await this.page.getByRole("dialog").getByRole("button", { name, exact: true }).tap();
  }

  /** Takes photos and has them recognised. @param {string[]} files */
  async scan(files) {
    this.phone.camera = [...files];
    await this.tap(this.words.scan.album);
    await this.front.getByRole("img", { name: filled(this.words.scan.photo, { n: files.length }) }).waitFor();
    await this.tap(filled(this.words.scan.recognise, { n: files.length }));
    await this.page.locator(`[data-page="pages/result/result"]:not([hidden])`).waitFor();
  }

  /** The answer's chip says where it came from. @param {"fromPhone" | "fromRelay" | "provisional"} source */
  async answerIs(source) {
    await this.sees(this.words.card[source]);
  }
}

/**
 * A text as the app fills it.
 * @param {string} text
 * @param {Record<string, string | number>} places
 */
function filled(text, places) {
  const [one, many = one] = text.split("|");
  return (places.n === 1 ? one : many).replace(/\{(\w+)\}/g, (_, name) => String(places[name]));
}

module.exports = { DICTIONARIES, Screen, filled };
