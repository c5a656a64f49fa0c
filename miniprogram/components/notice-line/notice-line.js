// @ts-check

/**
 * One line about what goes on or what to do; `detail` is for whoever looks after the mini-program. With `action` it has a
 * button, whose tap is `act`.
 */
Component({
  properties: { text: String, tone: { type: String, value: "plain" }, detail: String, glyph: String, action: String },
  methods: {
    act() {
      this.triggerEvent("act");
    },
  },
});
