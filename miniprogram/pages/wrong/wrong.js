// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { picturesOf } = require("../../view/picture/pictures.js");
const { chosenClass, feedbackFieldsOf, wrongGroups } = require("../../view/result/wrong.js");

/** Both consents are off each time. */
const NOTHING_AGREED = { teach: false, send: false };

definePage({ title: "wrong.title", words: ["wrong", "result", "guide"] }, {
  data: {
    scan: "",
    gone: false,
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    /** Index of the photo to send. */
    photo: 0,
    text: "",
    groups: /** @type {object[] | null} */ (null),
    chosen: /** @type {ReturnType<typeof chosenClass> | null} */ (null),
    ...NOTHING_AGREED,
    taught: false,
    /** A photo of this scan was sent or is being sent. */
    given: false,
    /** Terms of the relay, which a consent is bound to; null if it accepts no photos. */
    terms: /** @type {import("../../scanner/feedback/offer.js").Terms | null} */ (null),
    sendHint: "",
    working: "",
    problem: /** @type {Notice | null} */ (null),
  },

  /** @param {{ scan?: string }} query */
  async opened({ scan = "" }) {
    this.setData({ scan });
    const { scanner, t } = services();
    const terms = await scanner.feedback.terms();
    if (!this.gone) this.setData({ terms, sendHint: terms === null ? "" : t("wrong.sendHint", terms) });
  },

  shown() {
    this.show();
  },

  show() {
    const { scanner, context, originals, url, t } = services();
    const scan = scanner.get(this.data.scan);
    if (!scan || !scan.shown) {
      this.setData({ gone: true });
      return;
    }
    // The relay may answer in the meantime, and the photos may be removed.
    const photos = picturesOf(scan, { originals, url });
    this.setData({
      photos,
      photoLabels: photos.map((_, index) => t("scan.photo", { n: index + 1 })),
      photo: Math.min(this.data.photo, Math.max(0, photos.length - 1)),
      given: Boolean(scan.feedback),
      groups: wrongGroups(this.data.text, context()),
    });
  },

  /** The grower's choice is stored first, whether or not the rest succeeds. */
  async keep() {
    const { scanner, orchard, t } = services();
    const { scan: id, chosen, teach, send, terms, taught } = this.data;
    const { shown } = await scanner.setChoice(id, chosen.id);
    this.show();
    const { photos, photo, given } = this.data;
    if (teach && chosen.canTeach && !taught && photos.length) {
      await this.paint({ working: t("teach.working", { n: photos.length }) });
      await orchard.teach(chosen.id, null, photos);
      this.setData({ taught: true });
    }
    if (send && shown && terms && !given && photos.length) {
      await this.paint({ working: t("wrong.sending") });
      await scanner.feedback.give(id, feedbackFieldsOf(shown.prediction, chosen.id), terms, photos[photo]);
    }
  },

  leave() {
    const url = `/pages/result/result?id=${this.data.scan}`;
    // A page opened by a link has no previous page.
    wx.navigateBack({ fail: () => wx.redirectTo({ url }) });
  },

  again() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ text: string }>} event */
    search({ detail }) {
      this.setData({ text: detail.text });
      this.show();
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    choose({ detail }) {
      this.setData({ chosen: chosenClass(detail.id, services().context()), ...NOTHING_AGREED });
      wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    },

    /** Consents do not carry over to another class. */
    change() {
      this.setData({ chosen: null, taught: false, problem: null, ...NOTHING_AGREED });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
    choosePhoto({ detail }) {
      this.setData({ photo: detail.index, send: false });
    },

    toggleTeach() {
      this.setData({ teach: !this.data.teach });
    },

    toggleSend() {
      this.setData({ send: !this.data.send });
    },

    ownName() {
      wx.redirectTo({ url: `/pages/teach/teach?scan=${this.data.scan}` });
    },

    async save() {
      const { problem, t } = services();
      if (this.data.working || !this.data.chosen) return;
      this.setData({ working: t("wrong.saving"), problem: null });
      try {
        await this.keep();
        this.leave();
      } catch (error) {
        this.setData({ problem: problem(error) });
      } finally {
        this.setData({ working: "" });
      }
    },
  },
});
