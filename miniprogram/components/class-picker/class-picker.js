// @ts-check

/** Rows to choose one of. `choose` is fired with its id. */
Component({
  properties: { groups: Array, chosen: String },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
