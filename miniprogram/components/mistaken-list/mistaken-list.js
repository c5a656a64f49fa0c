// @ts-check

/** Classes that are easily confused with a class, each with its drawing and first mark. `open` is fired with its id. */
Component({
  properties: { symptoms: Array },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    open(event) {
      this.triggerEvent("open", { id: event.currentTarget.dataset.id });
    },
  },
});
