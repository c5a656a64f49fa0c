// @ts-check
const { toast } = require("./say.js");
const { services } = require("./services.js");
const { textScale } = require("./text-scale.js");

/**
 * @typedef {object} PageOptions
 * @property {string} title key of the title
 * @property {string[]} words sections of the words that its template takes as `t`
 */

/**
 * A page of this app.
 *
 * `opened(query)` runs once and `shown()` each time the page comes to the front, both only when the services are open. Until
 * then the template has `ready` false; where the services cannot be opened it has `broken`, and `tryAgain` for a button.
 * The functions of `taps` are handlers of the template that need the open services: a tap that comes earlier is answered
 * in words and dropped. Handlers outside of `taps` have to work before anything is open.
 * `watch` subscribes to a service until the page is closed.
 * Words and title follow the language, and `scale` the size of letters; both may change while the page is in the back.
 * @param {PageOptions} options
 * @param {Record<string, any> & ThisType<any> & { taps?: Record<string, Function> & ThisType<any> }} page
 */
function definePage({ title, words }, page) {
  const { data, opened, shown, taps, ...rest } = page;
  Page({
    ...rest,
    ...afterOpen(taps || {}),
    data: { ...data, t: services().words(words), ready: false, broken: null, scale: textScale() },
    language: "",
    /** @type {Record<string, string | undefined>} */
    query: {},
    inFront: false,
    gone: false,
    /** @type {(() => void)[]} */
    watches: [],

    /** @param {Record<string, string | undefined>} query */
    onLoad(query) {
      this.query = query;
      this.watches = [];
      this.translate();
      this.begin();
    },

    begin() {
      services().open().then(
        () => {
          // The page may be closed before the services are open.
          if (this.gone) return;
          this.translate();
          this.setData({ ready: true });
          if (opened) opened.call(this, this.query);
          if (shown && this.inFront) shown.call(this);
        },
        (/** @type {unknown} */ error) => {
          if (!this.gone) this.setData({ broken: services().problem(error) });
        },
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
      this.gone = true;
      for (const end of this.watches) end();
    },

    /**
     * Calls the listener at every change of a service, until the page is closed.
     * @param {{ subscribe(listener: (value: any) => void): () => void }} source
     * @param {(value: any) => void} listener
     */
    watch(source, listener) {
      this.watches = [...this.watches, source.subscribe(listener)];
    },

    /**
     * Sets data, and ends when it is on the screen: for what is followed by work that blocks the page's thread.
     * @param {object} changes
     * @returns {Promise<void>}
     */
    paint(changes) {
      return services().screen.painted((/** @type {() => void} */ done) => this.setData(changes, done));
    },

    translate() {
      wx.setNavigationBarTitle({ title: services().t(title) });
      if (this.data.scale !== textScale()) this.setData({ scale: textScale() });
      if (this.language === services().language()) return;
      this.language = services().language();
      this.setData({ t: services().words(words) });
      services().nameTabs();
    },
  });
}

/**
 * Handlers that do nothing before the services are open but say why.
 * @param {Record<string, Function>} taps
 * @returns {Record<string, Function>}
 */
function afterOpen(taps) {
  /** @type {Record<string, Function>} */
  const handlers = {};
  for (const [name, act] of Object.entries(taps)) {
    handlers[name] = /** @this {any} @param {any[]} given */ function (...given) {
      if (this.data.ready) return act.apply(this, given);
      // A page whose services failed shows the failure itself.
      if (!this.data.broken) toast(services().t("common.opening"));
      return undefined;
    };
  }
  return handlers;
}

module.exports = { definePage };
