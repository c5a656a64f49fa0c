// @ts-check

/**
 * The result of a scan: see `view/answer/answer.js`. `open` is fired with the id of a class that the guide knows,
 * `choose` with the class that the grower sees, `undo` when that is taken back.
 */
Component({
  properties: { card: Object },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    open(event) {
      const { id, known } = event.currentTarget.dataset;
      if (known) this.triggerEvent("open", { id });
    },
    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    openSymptom({ detail }) {
      this.triggerEvent("open", { id: detail.id });
    },
    openChoice() {
      this.triggerEvent("open", { id: this.data.card.choice.id });
    },
    /** @param {WechatMiniprogram.CustomEvent<{ id: string }>} event */
    choose({ detail }) {
      this.triggerEvent("choose", { id: detail.id });
    },
    undo() {
      this.triggerEvent("undo");
    },
  },
});
