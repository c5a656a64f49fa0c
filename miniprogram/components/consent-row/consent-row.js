// @ts-check

/** Something to agree to, with a line about what that means. `toggle` is fired with a tap. */
Component({
  properties: { on: Boolean, title: String, hint: String },
  methods: {
    toggle() {
      this.triggerEvent("toggle");
    },
  },
});
