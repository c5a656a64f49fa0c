// @ts-check

/** A picture in the colour and size of the text around it. `tests/icons/draw.js` makes its style sheet. */
Component({
  properties: { name: String },
});
