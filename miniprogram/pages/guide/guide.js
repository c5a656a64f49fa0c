// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { calendarLine } = require("../../view/calendar/calendar.js");
const { guideFilters, guideGroups } = require("../../view/guide/guide.js");

definePage({ title: "guide.title", words: ["guide", "calendar"] }, {
  data: {
    text: "",
    filter: "all",
    filters: /** @type {object[]} */ ([]),
    groups: /** @type {object[] | null} */ (null),
    count: "",
    none: "",
    calendar: "",
  },

  shown() {
    this.show();
  },

  show() {
    const { context, settings, now, t } = services();
    const groups = guideGroups(this.data.text, this.data.filter, context());
    const found = groups.reduce((sum, group) => sum + group.rows.length, 0);
    this.setData({
      groups,
      filters: guideFilters(context()),
      count: t("guide.count", { n: found }),
      calendar: calendarLine(settings.get(), now(), context()),
      none: t("guide.none", { text: this.data.text }),
    });
  },

  /** @param {WechatMiniprogram.CustomEvent<{ text: string }>} event */
  search({ detail }) {
    this.setData({ text: detail.text });
    if (this.data.ready) this.show();
  },

  openCalendar() {
    wx.navigateTo({ url: "/pages/calendar/calendar" });
  },

  onShareAppMessage() {
    return services().share(null);
  },

  taps: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.setData({ filter: event.currentTarget.dataset.filter });
      this.show();
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    open({ detail }) {
      wx.navigateTo({ url: `/pages/detail/detail?id=${detail.id}` });
    },
  },
});
