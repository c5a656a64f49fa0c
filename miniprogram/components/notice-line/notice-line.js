// @ts-check
const { isRelease } = require("../../ui/release.js");

/**
 * One line about the current state or the next action. `detail` is for whoever looks after the mini-program, and is shown in no release.
 * With `action` it has a button, whose tap is `act`.
 */
Component({
  properties: { text: String, tone: { type: String, value: "plain" }, detail: String, glyph: String, action: String },
  data: { explains: false },
  lifetimes: {
    attached() {
      this.setData({ explains: !isRelease() });
    },
  },
  methods: {
    act() {
      this.triggerEvent("act");
    },
  },
});
