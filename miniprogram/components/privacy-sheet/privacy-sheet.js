// @ts-check
const { services } = require("../../ui/services.js");

/** @typedef {import("../../platform/privacy.js").PrivacyQuestion} PrivacyQuestion */

/** Open question of each sheet. @type {WeakMap<object, { question: PrivacyQuestion | null, leave: () => void }>} */
const sheets = new WeakMap();

/** The sheet with an open question. @type {{ leave(): void } | null} */
let asking = null;

/**
 * The consent that WeChat requires before a photo is chosen; opens by itself on the page that contains it. An open question stays
 * while the page is hidden, for reading the privacy guide hides it; it is declined when another page could ask.
 */
Component({
  data: { open: false, problem: "", text: "", t: {} },
  lifetimes: {
    attached() {
      this.listen();
    },
    detached() {
      this.leave();
    },
  },
  pageLifetimes: {
    show() {
      this.listen();
    },
    hide() {
      if (asking !== this) this.leave();
    },
  },
  methods: {
    listen() {
      if (asking && asking !== this) asking.leave();
      if (sheets.has(this)) return;
      const { privacy } = services();
      const leave = privacy.onNeeded((/** @type {PrivacyQuestion} */ question) => this.ask(question));
      sheets.set(this, { question: null, leave });
    },
    leave() {
      this.settle((question) => question.refuse());
      const sheet = sheets.get(this);
      if (sheet) sheet.leave();
      sheets.delete(this);
    },
    /** @param {PrivacyQuestion} question */
    ask(question) {
      const sheet = sheets.get(this);
      if (!sheet) return;
      sheet.question = question;
      asking = this;
      const { settings, t, words } = services();
      const text = t(settings.get().relay ? "privacy.text" : "privacy.textPhone");
      this.setData({ open: true, problem: "", text, t: words(["privacy"]) });
      question.shown();
    },
    /**
     * Closes the sheet with an answer.
     * @param {(question: PrivacyQuestion) => void} answer
     */
    settle(answer) {
      const sheet = sheets.get(this);
      if (!sheet || !sheet.question) return;
      const { question } = sheet;
      sheet.question = null;
      asking = null;
      this.setData({ open: false });
      answer(question);
    },
    agree() {
      this.settle((question) => question.agree("agree-privacy"));
    },
    refuse() {
      this.settle((question) => question.refuse());
    },
    openContract() {
      const { privacy, problem } = services();
      privacy.openContract().catch((/** @type {unknown} */ error) => this.setData({ problem: problem(error).text }));
    },
  },
});
