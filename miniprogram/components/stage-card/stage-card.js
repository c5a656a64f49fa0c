// @ts-check

/**
 * A stage of the year: see `view/calendar/calendar.js`. `toggle` is fired with its id, `month` with its id and a month that
 * was tapped, `open` with the id of a class.
 */
Component({
  properties: { stage: Object, gridLabel: String },
  methods: {
    toggle() {
      this.triggerEvent("toggle", { id: this.data.stage.id, open: !this.data.stage.open });
    },
    /** @param {WechatMiniprogram.BaseEvent} event */
    month(event) {
      this.triggerEvent("month", { id: this.data.stage.id, month: event.currentTarget.dataset.month });
    },
    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    open({ detail }) {
      this.triggerEvent("open", { id: detail.id });
    },
  },
});
