// @ts-check
const { services } = require("./services.js");

/**
 * @typedef {object} PageOptions
 * @property {string} title key of the title
 * @property {string[]} words sections of the words that its template takes as `t`
 */

/**
 * A page of this app. Its `opened(query)` runs once and `shown()` each time it comes to the front, both only when the services
 * are open; until then the template has `ready` false. Where they cannot be opened it has `broken`, and `tryAgain` for a button.
 * Its words and title follow the language, which may change while the page is in the back.
 * @param {PageOptions} options
 * @param {Record<string, any>} page
 */
function definePage({ title, words }, page) {
  const { data, opened, shown, closed, ...rest } = page;
  Page({
    ...rest,
    data: { ...data, t: services().words(words), ready: false, broken: null },
    language: "",
    /** @type {Record<string, string | undefined>} */
    query: {},
    inFront: false,

    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.query = query;
      this.translate();
      this.begin();
    },

    begin() {
      services().open().then(
        () => {
          this.translate();
          this.setData({ ready: true });
          if (opened) opened.call(this, this.query);
          if (shown && this.inFront) shown.call(this);
        },
        (/** @type {unknown} */ error) => this.setData({ broken: services().problem(error) }),
      );
    },

    tryAgain() {
      if (!this.data.broken) return;
      this.setData({ broken: null });
      this.begin();
    },

    onShow() {
      this.inFront = true;
      this.translate();
      this.tryAgain();
      if (shown && this.data.ready) shown.call(this);
    },

    onHide() {
      this.inFront = false;
    },

    onUnload() {
      if (closed) closed.call(this);
    },

    translate() {
      wx.setNavigationBarTitle({ title: services().t(title) });
      if (this.language === services().language()) return;
      this.language = services().language();
      this.setData({ t: services().words(words) });
      services().nameTabs();
    },
  });
}

module.exports = { definePage };
