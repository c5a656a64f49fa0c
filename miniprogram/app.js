// @ts-check
const { createServices } = require("./services.js");

App({
  services: createServices(),

  onLaunch() {
    this.services.start();
  },

  /** In the background WeChat breaks sendings off: what waits is looked at again. */
  onShow() {
    this.services.wake();
  },
});
