// @ts-check

/** Probability as a bar. The number is beside it as text, so screen readers may skip the bar. */
Component({
  properties: { value: Number, tone: { type: String, value: "sure" }, slim: Boolean },
});
