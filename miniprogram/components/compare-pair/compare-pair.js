// @ts-check

/** Two classes side by side, of which the grower taps the one that looks like what is seen. `choose` is fired with its id. */
Component({
  properties: { compare: Object, chosen: String },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
