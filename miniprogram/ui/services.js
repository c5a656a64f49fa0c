// @ts-check

/**
 * The services that `app.js` has assembled.
 * @returns {import("../services.js").Services}
 */
function services() {
  return getApp().services;
}

module.exports = { services };
