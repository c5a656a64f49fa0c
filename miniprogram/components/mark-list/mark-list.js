// @ts-check

/** How to recognise a class: its drawing and its marks, side by side or, on narrow screens, stacked. */
Component({
  properties: { symptom: Object, stacked: Boolean },
});
