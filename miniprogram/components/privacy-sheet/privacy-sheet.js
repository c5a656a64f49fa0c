// @ts-check

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
      if (this.unsubscribe) return;
      const { privacy, words } = getApp().services;
      this.unsubscribe = privacy.onNeeded((/** @type {import("../../platform/privacy.js").PrivacyQuestion} */ question) => {
        this.question = question;
        this.setData({ open: true, t: words(["privacy"]) });
        question.shown();
      });
    },
    leave() {
      if (this.unsubscribe) this.unsubscribe();
      this.unsubscribe = null;
    },
    agree() {
      this.setData({ open: false });
      this.question.agree("agree-privacy");
    },
    refuse() {
      this.setData({ open: false });
      this.question.refuse();
    },
    openContract() {
      getApp().services.privacy.openContract().catch((/** @type {unknown} */ error) => {
        this.setData({ problem: getApp().services.problem(error).text });
      });
    },
  },
});
