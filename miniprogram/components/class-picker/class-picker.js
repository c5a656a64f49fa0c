// @ts-check

/** Selectable rows; `choose` is fired with the row's id. Rows that open another page have the role `button`. */
Component({
  properties: { groups: Array, chosen: String, rowRole: { type: String, value: "radio" } },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
