// @ts-check

/** A consent with a line of explanation. `toggle` is fired with a tap. */
Component({
  properties: { on: Boolean, title: String, hint: String },
  methods: {
    toggle() {
      this.triggerEvent("toggle");
    },
  },
});
