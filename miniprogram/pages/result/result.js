// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { answerCard } = require("../../view/answer.js");
const { heatMapOverlay } = require("../../view/heat-map.js");
const { picturesOf } = require("../../view/pictures.js");

definePage({ title: "result.title", words: ["result"] }, {
  data: {
    id: "",
    card: /** @type {Card | null} */ (null),
    photos: /** @type {string[]} */ ([]),
    photoLabels: /** @type {string[]} */ ([]),
    chosen: 0,
    overlay: /** @type {object | null} */ (null),
    heat: false,
    gone: false,
    problem: /** @type {Notice | null} */ (null),
  },

  /** @param {{ id?: string }} query */
  opened({ id = "" }) {
    this.setData({ id });
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
    const { scanner, context, originals, url, t } = services();
    const scan = scanner.get(this.data.id);
    if (!scan) {
      this.setData({ gone: true, card: null });
      return;
    }
    const photos = picturesOf(scan, { originals, url });
    const card = answerCard(scan, context());
    const map = card.classId && scan.count === 1 && scan.shown && scan.shown.prediction.heatmap;
    this.setData({
      photos,
      photoLabels: photos.map((_, index) => t("scan.photo", { n: index + 1 })),
      chosen: Math.min(this.data.chosen, Math.max(0, photos.length - 1)),
      overlay: map && photos.length ? heatMapOverlay(map) : null,
      card,
    });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ index: number }>} event */
  choose({ detail }) {
    this.setData({ chosen: detail.index });
  },

  toggleHeat() {
    this.setData({ heat: !this.data.heat });
  },

  openDetail() {
    wx.navigateTo({ url: `/pages/detail/detail?id=${this.data.card.classId}` });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
  openOther({ detail }) {
    wx.navigateTo({ url: `/pages/detail/detail?id=${detail.id}` });
  },

  ask() {
    return this.act(() => services().scanner.askRelay(this.data.id));
  },

  stop() {
    return this.act(() => services().scanner.cancel(this.data.id));
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

  teach() {
    wx.navigateTo({ url: `/pages/teach/teach?scan=${this.data.id}` });
  },

  again() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },

  onShareAppMessage() {
    const { scanner, share } = services();
    return share(scanner.get(this.data.id));
  },
});
