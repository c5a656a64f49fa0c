// @ts-check

/** Whether this is the released version, not a trial or development version. */
function isRelease() {
  return wx.getAccountInfoSync().miniProgram.envVersion === "release";
}

module.exports = { isRelease };
