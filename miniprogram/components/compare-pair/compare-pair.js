// @ts-check

/** Two classes side by side; the grower taps the one that matches. `choose` is fired with its id. */
Component({
  properties: { compare: Object, chosen: String },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { id: event.currentTarget.dataset.id });
    },
  },
});
