// @ts-check

/** Rows to choose one of; `choose` is fired with its id. Where a tap leads elsewhere, their role is `button`. */
Component({
  properties: { groups: Array, chosen: String, rowRole: { type: String, value: "radio" } },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
