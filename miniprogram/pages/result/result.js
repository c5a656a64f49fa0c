// @ts-check
const { definePage } = require("../../ui/page.js");
const { readPhoto } = require("../../ui/photos.js");
const { services } = require("../../ui/services.js");
const { answerCard } = require("../../view/answer.js");
const { heatOf } = require("../../view/heat.js");
const { picturesOf } = require("../../view/pictures.js");

definePage({ title: "result.title", words: ["result"] }, {
  data: {
    id: "",
    card: /** @type {Card | null} */ (null),
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    chosen: 0,
    overlay: /** @type {object | null} */ (null),
    explainable: false,
    heat: false,
    heatHint: "",
    gone: false,
    problem: /** @type {Notice | null} */ (null),
  },

  /** @param {{ id?: string }} query */
  opened({ id = "" }) {
    this.setData({ id });
    /** What the phone sees in each photo of several; null while it looks. @type {Map<string, Prediction | null>} */
    this.seen = new Map();
    this.unsubscribe = services().scanner.subscribe((/** @type {Scan | null} */ scan) => {
      if (!scan || scan.id === id) this.show();
    });
  },

  shown() {
    this.show();
  },

  closed() {
    if (this.unsubscribe) this.unsubscribe();
  },

  show() {
    const { scanner, context, originals, screen, url, t } = services();
    const scan = scanner.get(this.data.id);
    if (!scan) {
      this.setData({ gone: true, card: null });
      return;
    }
    const photos = picturesOf(scan, { originals, url });
    const chosen = Math.min(this.data.chosen, Math.max(0, photos.length - 1));
    this.setData({
      photos,
      photoLabels: photos.map((_, index) => t("scan.photo", { n: index + 1 })),
      chosen,
      ...heatOf(scan, photos, this.seen.get(photos[chosen]), context()),
      card: answerCard(scan, context()),
    }, screen.pageDrawn);
  },

  /** Of photos that were judged together, the phone says on demand what it sees in the chosen one. */
  async look() {
    const { model, problem } = services();
    const { heat, explainable, photos, chosen } = this.data;
    const photo = photos[chosen];
    if (heat && explainable && !this.seen.has(photo)) {
      this.seen.set(photo, null);
      this.show();
      await this.paint({ problem: null });
      try {
        this.seen.set(photo, await model.predict([await readPhoto(photo)], { explain: true }));
      } catch (error) {
        this.seen.delete(photo);
        this.setData({ problem: problem(error), heat: false });
      }
    }
    this.show();
  },

  /** @param {() => unknown} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
      this.show();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
  },

  again() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },

  onShareAppMessage() {
    const { scanner, share } = services();
    return share(scanner.get(this.data.id));
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
    choose({ detail }) {
      this.setData({ chosen: detail.index });
      return this.look();
    },

    toggleHeat() {
      this.setData({ heat: !this.data.heat });
      return this.look();
    },

    openDetail() {
      wx.navigateTo({ url: `/pages/detail/detail?id=${this.data.card.classId}` });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    openOther({ detail }) {
      wx.navigateTo({ url: `/pages/detail/detail?id=${detail.id}` });
    },

    /** The grower says which of two it is. @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    settle({ detail }) {
      return this.act(() => services().scanner.setChoice(this.data.id, detail.id));
    },

    unsettle() {
      return this.act(() => services().scanner.setChoice(this.data.id, null));
    },

    ask() {
      return this.act(() => services().scanner.askRelay(this.data.id));
    },

    retry() {
      return this.act(() => services().scanner.retry(this.data.id));
    },

    stop() {
      return this.act(() => services().scanner.cancel(this.data.id));
    },

    teach() {
      wx.navigateTo({ url: `/pages/teach/teach?scan=${this.data.id}` });
    },
  },
});
