// @ts-check

/** What to do, one step after another. */
Component({
  properties: { steps: Array },
});
