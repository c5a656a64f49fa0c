// @ts-check
const { createServices } = require("./services.js");

App({
  services: createServices(),

  /** WeChat interrupts requests in the background, so pending scans are resumed at launch and on return. */
  onShow() {
    this.services.wake();
  },
});
