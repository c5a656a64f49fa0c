// @ts-check
const { definePage } = require("../../ui/page.js");
const { choose, confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { historyDays } = require("../../view/history.js");

definePage({ title: "history.title", words: ["history"] }, {
  data: {
    days: /** @type {import("../../view/history.js").HistoryDay[] | null} */ (null),
    problem: /** @type {Notice | null} */ (null),
  },

  opened() {
    this.unsubscribe = services().scanner.subscribe(() => {
      if (this.inFront) this.show();
    });
  },

  shown() {
    this.show();
  },

  closed() {
    if (this.unsubscribe) this.unsubscribe();
  },

  show() {
    const { scanner, context, url, now } = services();
    const days = historyDays(scanner.list(), now(), context());
    for (const { rows } of days) {
      for (const row of rows) row.thumbnail = row.thumbnail && url(row.thumbnail);
    }
    this.setData({ days });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
  open({ detail }) {
    wx.navigateTo({ url: `/pages/result/result?id=${detail.id}` });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
  async remove({ detail }) {
    const { scanner, t } = services();
    const scan = scanner.get(detail.id);
    if (!scan) return;
    const unsent = scan.state === "waiting" || scan.state === "asking";
    const content = t(unsent ? "history.removeUnsent" : "history.removeAsk");
    if (await this.sure(content)) await this.act(() => scanner.remove(detail.id));
  },

  async removeAll() {
    const { scanner, t } = services();
    const content = t("history.removeAllAsk", { n: scanner.list().length });
    if (await this.sure(content)) await this.act(() => scanner.removeAll());
  },

  /** @param {string} content */
  sure(content) {
    const { t } = services();
    return confirm({ content, yes: t("common.remove"), no: t("common.cancel"), danger: true });
  },

  async export() {
    const { scanner, t, sendText } = services();
    const way = await choose([t("history.exportSend"), t("history.exportCopy")], t("history.exportChoose"));
    if (way < 0) return;
    await this.act(async () => {
      const text = scanner.exportText();
      if (way === 0) {
        await sendText(t("history.exportFile"), text);
        return;
      }
      await wx.setClipboardData({ data: text });
      toast(t("history.exportCopied"));
    });
  },

  /** @param {() => unknown} action */
  async act(action) {
    this.setData({ problem: null });
    try {
      await action();
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
    this.show();
  },

  scan() {
    wx.switchTab({ url: "/pages/scan/scan" });
  },
});
