// @ts-check
const { refusal } = require("./refusal.js");

/**
 * @param {string} text
 * @returns {Promise<void>}
 */
function copyText(text) {
  return new Promise((resolve, reject) => {
    wx.setClipboardData({ data: text, success: () => resolve(), fail: (error) => reject(refusal(error, "copy_failed")) });
  });
}

module.exports = { copyText };
