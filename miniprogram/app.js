// @ts-check
const { createServices } = require("./services.js");

App({
  services: createServices(),

  /** At the launch, and after the background, in which WeChat breaks sendings off: what waits is looked at again. */
  onShow() {
    this.services.wake();
  },
});
