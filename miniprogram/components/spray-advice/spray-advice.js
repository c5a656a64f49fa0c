// @ts-check

/** Whether to spray: see `view/spray/spray.js`. `answer` is fired with the id of a choice, `restart` to begin again. */
Component({
  properties: { advice: Object },
  methods: {
    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    answer({ detail }) {
      this.triggerEvent("answer", { id: detail.id });
    },
    restart() {
      this.triggerEvent("restart");
    },
  },
});
