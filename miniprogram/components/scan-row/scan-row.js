// @ts-check

/** One scan in a list. `open` and, where it has a `removeLabel`, `remove` are fired with its id. */
Component({
  properties: { row: Object, removeLabel: String },
  methods: {
    open() {
      this.triggerEvent("open", { id: this.data.row.id });
    },
    remove() {
      this.triggerEvent("remove", { id: this.data.row.id });
    },
  },
});
