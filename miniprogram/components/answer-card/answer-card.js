// @ts-check

/** What there is to say about a scan: see `view/answer.js`. `open` is fired with the id of a class that the guide knows. */
Component({
  properties: { card: Object },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    open(event) {
      const { id, known } = event.currentTarget.dataset;
      if (known) this.triggerEvent("open", { id });
    },
  },
});
