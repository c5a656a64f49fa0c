// @ts-check

/**
 * Photos side by side. Where `editable`, each can be taken out (`remove`, with its index) and more added (`add`). Where one is
 * `chosen`, another can be (`choose`, with its index).
 */
Component({
  properties: {
    photos: Array,
    editable: Boolean,
    max: { type: Number, value: 6 },
    chosen: { type: Number, value: -1 },
    addLabel: String,
    photoLabels: Array,
    removeLabels: Array,
  },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    remove(event) {
      this.triggerEvent("remove", { index: event.currentTarget.dataset.index });
    },
    /** @param {WechatMiniprogram.BaseEvent} event */
    choose(event) {
      this.triggerEvent("choose", { index: event.currentTarget.dataset.index });
    },
    add() {
      this.triggerEvent("add");
    },
  },
});
