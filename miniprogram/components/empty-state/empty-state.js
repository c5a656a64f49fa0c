// @ts-check

/** What a page says while it has nothing to show; `act` is fired by its one button. */
Component({
  properties: { glyph: String, title: String, text: String, action: String },
  methods: {
    act() {
      this.triggerEvent("act");
    },
  },
});
