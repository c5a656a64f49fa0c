// @ts-check
const { fit } = require("../../view/picture/fit.js");

/** Largest box of a photo, in percent of the frame's width; keeps the answer below it visible. */
const BOX = { width: 100, height: 75 };

/**
 * A whole photo with an optional heat map. `heat` is fired by its switch, which is there for an
 * `overlay` and where one can be made (`explainable`).
 */
Component({
  properties: {
    src: String,
    label: String,
    overlay: Object,
    explainable: Boolean,
    heat: Boolean,
    heatOn: String,
    heatOff: String,
    heatHint: String,
  },
  data: { size: "", broken: false },
  observers: {
    src() {
      this.setData({ broken: false });
    },
  },
  methods: {
    /** @param {WechatMiniprogram.ImageLoad} event */
    measure({ detail }) {
      const { width, height } = fit({ width: Number(detail.width), height: Number(detail.height) }, BOX);
      this.setData({ size: `width:${width}%;padding-top:${height}%` });
    },
    /** What is no picture leaves its place to the leaf. */
    fail() {
      this.setData({ broken: true });
    },
    toggle() {
      this.triggerEvent("heat");
    },
  },
});
