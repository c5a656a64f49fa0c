// @ts-check

/** One line about what goes on or what to do; `detail` is for whoever looks after the mini-program. */
Component({
  properties: { text: String, tone: { type: String, value: "plain" }, detail: String, glyph: String },
});
