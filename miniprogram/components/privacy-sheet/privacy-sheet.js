// @ts-check
const { services } = require("../../ui/services.js");

/** @typedef {import("../../platform/privacy.js").PrivacyQuestion} PrivacyQuestion */

/** What each sheet waits for. @type {WeakMap<object, { question: PrivacyQuestion | null, leave: () => void }>} */
const sheets = new WeakMap();

/** What WeChat wants agreed to before a photo is chosen; it comes up by itself on the page that has it. */
Component({
  data: { open: false, problem: "", t: {} },
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
      this.leave();
    },
  },
  methods: {
    listen() {
      if (sheets.has(this)) return;
      const { privacy } = services();
      const leave = privacy.onNeeded((/** @type {PrivacyQuestion} */ question) => this.ask(question));
      sheets.set(this, { question: null, leave });
    },
    leave() {
      const sheet = sheets.get(this);
      if (sheet) sheet.leave();
      sheets.delete(this);
    },
    /** @param {PrivacyQuestion} question */
    ask(question) {
      const sheet = sheets.get(this);
      if (!sheet) return;
      sheet.question = question;
      this.setData({ open: true, problem: "", t: services().words(["privacy"]) });
      question.shown();
    },
    agree() {
      const sheet = sheets.get(this);
      this.setData({ open: false });
      if (sheet && sheet.question) sheet.question.agree("agree-privacy");
    },
    refuse() {
      const sheet = sheets.get(this);
      this.setData({ open: false });
      if (sheet && sheet.question) sheet.question.refuse();
    },
    openContract() {
      const { privacy, problem } = services();
      privacy.openContract().catch((/** @type {unknown} */ error) => this.setData({ problem: problem(error).text }));
    },
  },
});
