// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { detailPage } = require("../../view/guide/detail.js");

/** @typedef {import("../../view/spray/spray.js").SprayAnswers} SprayAnswers */
/** @typedef {NonNullable<ReturnType<typeof detailPage>>} Detail */

definePage({ title: "detail.title", words: ["detail", "spray"] }, {
  data: { id: "", answers: /** @type {SprayAnswers} */ ({}), entry: /** @type {Detail | null} */ (null), unknown: false },

  /** @param {{ id?: string }} query */
  opened({ id = "" }) {
    this.setData({ id });
  },

  shown() {
    this.show();
  },

  show() {
    const { context, now } = services();
    const entry = detailPage(this.data.id, this.data.answers, now(), context());
    this.setData({ entry, unknown: !entry });
  },

  toGuide() {
    wx.switchTab({ url: "/pages/guide/guide" });
  },

  scan() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },

  onShareAppMessage() {
    const { share, t } = services();
    const { id, entry } = this.data;
    const plain = share(null);
    return entry ? { ...plain, title: `${entry.title}：${t("detail.title")}`, path: `/pages/detail/detail?id=${id}` } : plain;
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    answer({ detail }) {
      const { entry, answers } = this.data;
      if (!entry || !entry.spray.asks) return;
      this.setData({ answers: { ...answers, [entry.spray.asks]: detail.id } });
      this.show();
    },

    restart() {
      this.setData({ answers: {} });
      this.show();
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    openOther({ detail }) {
      const url = `/pages/detail/detail?id=${detail.id}`;
      // WeChat stacks at most ten pages: the eleventh replaces this one.
      wx.navigateTo({ url, fail: () => wx.redirectTo({ url }) });
    },
  },
});
