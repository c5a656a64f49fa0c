// @ts-check

/**
 * What `app.js` has put together for the pages.
 * @returns {import("../services.js").Services}
 */
function services() {
  return getApp().services;
}

module.exports = { services };
