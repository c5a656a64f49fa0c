// @ts-check
const { definePage } = require("../../ui/page.js");
const { services } = require("../../ui/services.js");
const { calendarPage, ownMonths, withMonth } = require("../../view/calendar/calendar.js");

definePage({ title: "calendar.title", words: ["calendar"] }, {
  data: {
    region: "",
    calendar: /** @type {ReturnType<typeof calendarPage> | null} */ (null),
    opened: /** @type {Partial<Record<CalendarStage, boolean>>} */ ({}),
    problem: /** @type {Notice | null} */ (null),
  },

  shown() {
    this.show();
  },

  show() {
    const { settings, context, now } = services();
    this.setData({ region: settings.get().region, calendar: calendarPage(settings.get(), this.data.opened, now(), context()) });
  },

  /** @param {Partial<Settings>} changes */
  async change(changes) {
    this.setData({ problem: null });
    try {
      await services().settings.set(changes);
    } catch (error) {
      this.setData({ problem: services().problem(error) });
    }
    this.show();
  },

  taps: {
    /** @param {WechatMiniprogram.CustomEvent<{ id: Region }>} event */
    chooseRegion({ detail }) {
      const before = services().settings.get();
      // The grower's own months stay when another region is looked at.
      const own = detail.id === "own" ? { stageMonths: ownMonths(before) } : {};
      return this.change({ region: detail.id, ...own });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: CalendarStage, open: boolean }>} event */
    toggle({ detail }) {
      this.setData({ opened: { ...this.data.opened, [detail.id]: detail.open } });
      this.show();
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: CalendarStage, month: number }>} event */
    setMonth({ detail }) {
      // A stage whose months change stays open.
      this.setData({ opened: { ...this.data.opened, [detail.id]: true } });
      return this.change({ stageMonths: withMonth(services().settings.get(), detail.id, detail.month) });
    },

    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    open({ detail }) {
      wx.navigateTo({ url: `/pages/detail/detail?id=${detail.id}` });
    },
  },
});
