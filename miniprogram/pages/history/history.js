// @ts-check
const { definePage } = require("../../ui/page.js");
const { copyText } = require("../../ui/clipboard.js");
const { sendFile } = require("../../ui/files.js");
const { confirm, toast } = require("../../ui/say.js");
const { services } = require("../../ui/services.js");
const { givenAway } = require("../../view/result/feedback-note.js");
const { historyDays } = require("../../view/history/history.js");

/** Rows per batch; more are added on scrolling, because large updates make the page stutter. */
const ROWS = 50;

definePage({ title: "history.title", words: ["history"] }, {
  data: {
    days: /** @type {import("../../view/history/history.js").HistoryDay[] | null} */ (null),
    most: ROWS,
    /** File of the exported table. */
    table: "",
    problem: /** @type {Notice | null} */ (null),
  },

  opened() {
    this.watch(services().scanner, () => {
      if (this.inFront) this.show();
    });
  },

  shown() {
    // The exported table may be outdated.
    this.setData({ table: "" });
    this.show();
  },

  onReachBottom() {
    if (!this.data.ready || services().scanner.list().length <= this.data.most) return;
    this.setData({ most: this.data.most + ROWS });
    this.show();
  },

  show() {
    const { scanner, context, url, now } = services();
    const days = historyDays(scanner.list().slice(0, this.data.most), now(), context());
    for (const { rows } of days) {
      for (const row of rows) row.thumbnail = row.thumbnail && url(row.thumbnail);
    }
    this.setData({ days });
  },

  /** @param {string} content @param {() => Promise<unknown>} action */
  destroy(content, action) {
    const { t } = services();
    return this.act(async () => {
      if (!(await confirm({ content, yes: t("common.remove"), no: t("common.cancel"), danger: true }))) return;
      this.setData({ table: "" });
      await action();
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

  taps: {
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
      const stays = givenAway([scan]) ? ` ${t("feedback.staysThis")}` : "";
      await this.destroy(content + stays, () => scanner.remove(detail.id));
    },

    async removeAll() {
      const { scanner, t } = services();
      const given = givenAway(scanner.list());
      const stays = given ? ` ${t("feedback.stays", { n: given })}` : "";
      const content = t("history.removeAllAsk", { n: scanner.list().length });
      await this.destroy(content + stays, () => scanner.removeAll());
    },

    export() {
      return this.act(async () => {
        this.setData({ table: await services().writeTable() });
      });
    },

    send() {
      const sent = sendFile(this.data.table, services().t("history.exportFile"));
      return this.act(() => sent);
    },

    copy() {
      return this.act(async () => {
        const { table, t } = services();
        await copyText(table());
        toast(t("history.exportCopied"));
      });
    },
  },
});
