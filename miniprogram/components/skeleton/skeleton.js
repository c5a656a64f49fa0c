// @ts-check

/** Placeholder while content loads: rows of a list, or one card. */
Component({
  properties: { rows: { type: Number, value: 4 }, kind: { type: String, value: "rows" } },
  data: { list: [0, 1, 2, 3] },
  observers: {
    rows(rows) {
      this.setData({ list: Array.from({ length: rows }, (_, index) => index) });
    },
  },
});
