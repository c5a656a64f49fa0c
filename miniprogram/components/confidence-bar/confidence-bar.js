// @ts-check

/** How probable, as a bar. The number stands beside it in words, so that readers aloud may skip it. */
Component({
  properties: { value: Number, tone: { type: String, value: "sure" }, slim: Boolean },
});
