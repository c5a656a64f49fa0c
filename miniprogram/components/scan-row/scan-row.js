// @ts-check

/** One scan in a list. `open` and, where it has a `removeLabel`, `remove` are fired with its id. */
Component({
  properties: { row: Object, removeLabel: String },
  data: { broken: false },
  observers: {
    "row.thumbnail"() {
      this.setData({ broken: false });
    },
  },
  methods: {
    /** What is no picture leaves its place to the leaf. */
    fail() {
      this.setData({ broken: true });
    },
    open() {
      this.triggerEvent("open", { id: this.data.row.id });
    },
    remove() {
      this.triggerEvent("remove", { id: this.data.row.id });
    },
  },
});
