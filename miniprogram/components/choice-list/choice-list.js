// @ts-check

/** One of a few, each with a line about it. `choose` is fired with its id. */
Component({
  properties: { choices: Array, chosen: String, label: String },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
