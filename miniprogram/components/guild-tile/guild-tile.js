// @ts-check

/** Icon of a group of pests or diseases. */
Component({
  properties: { guild: { type: String, value: "leaf" }, large: Boolean },
});
