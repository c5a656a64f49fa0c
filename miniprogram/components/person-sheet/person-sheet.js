// @ts-check

/**
 * Shows a picture and asks whether it may be sent: `agree` or `refuse` is fired. Until the picture is made there is only a
 * skeleton to see, and nothing to agree to.
 */
Component({
  properties: { open: Boolean, picture: String, problem: String, t: Object },
  methods: {
    agree() {
      this.triggerEvent("agree");
    },
    refuse() {
      this.triggerEvent("refuse");
    },
  },
});
