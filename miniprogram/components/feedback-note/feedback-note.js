// @ts-check

/** State of a photo that the grower sent: see `view/result/feedback-note.js`. `act` is fired with the id of a tapped action. */
Component({
  properties: { note: Object },
  methods: {
    /** @param {WechatMiniprogram.BaseEvent} event */
    act(event) {
      this.triggerEvent("act", { id: event.currentTarget.dataset.id });
    },
  },
});
