// @ts-check

/** Numbered steps. */
Component({
  properties: { steps: Array },
});
