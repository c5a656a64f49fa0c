// @ts-check

/** Search text. `search` is fired at every change. */
Component({
  properties: { text: String, hint: String, clearLabel: String },
  methods: {
    /** @param {WechatMiniprogram.Input} event */
    typed({ detail }) {
      this.triggerEvent("search", { text: detail.value });
    },
    clear() {
      this.triggerEvent("search", { text: "" });
    },
  },
});
