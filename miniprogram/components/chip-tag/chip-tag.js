// @ts-check

/** One fact in a few words, such as where an answer came from. */
Component({
  properties: { text: String, glyph: String, tone: { type: String, value: "plain" } },
});
