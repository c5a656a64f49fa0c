// @ts-check

/** The shape of what is about to come. */
Component({
  properties: { rows: { type: Number, value: 4 }, kind: { type: String, value: "rows" } },
});
