// @ts-check

/** What a class is easily mistaken for, each with its picture and its first mark. `open` is fired with its id. */
Component({
  properties: { symptoms: Array },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    open(event) {
      this.triggerEvent("open", { id: event.currentTarget.dataset.id });
    },
  },
});
