// @ts-check

/** Text of a page without content; `act` is fired by its button. */
Component({
  properties: { glyph: String, title: String, text: String, action: String },
  methods: {
    act() {
      this.triggerEvent("act");
    },
  },
});
