// @ts-check

/** Whether this is the version that everybody gets: no trial, and nothing of a developer's. */
function isRelease() {
  return wx.getAccountInfoSync().miniProgram.envVersion === "release";
}

module.exports = { isRelease };
