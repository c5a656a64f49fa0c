// @ts-check

/** How to tell a class by eye: its picture and its marks, beside each other or, where it is narrow, one above the other. */
Component({
  properties: { symptom: Object, stacked: Boolean },
});
