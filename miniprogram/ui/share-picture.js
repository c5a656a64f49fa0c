// @ts-check
const { isCancelled, refusal } = require("./refusal.js");

/** @typedef {"shared" | "cancelled" | "saved" | "shown"} Shared how the picture was handed over */

/**
 * Shares a picture through WeChat's menu. If that fails, the picture is saved in the album; if that is refused, it is shown,
 * and WeChat's own menu forwards it. An iPhone allows that only synchronously within the tap: do not await anything before it.
 * @param {string} path
 * @returns {Promise<Shared>}
 */
function sharePicture(path) {
  return new Promise((resolve, reject) => {
    const save = () => {
      if (!wx.saveImageToPhotosAlbum) return show();
      return wx.saveImageToPhotosAlbum({
        filePath: path,
        success: () => resolve("saved"),
        fail: (error) => (isCancelled(error) ? resolve("cancelled") : show()),
      });
    };
    const show = () =>
      wx.previewImage({ urls: [path], success: () => resolve("shown"), fail: (error) => reject(refusal(error, "share_refused")) });
    if (!wx.showShareImageMenu) {
      save();
      return;
    }
    wx.showShareImageMenu({
      path,
      // WeChat would attach the current page, whose scan exists only on this phone.
      entrancePath: "pages/scan/scan",
      success: () => resolve("shared"),
      fail: (error) => (isCancelled(error) ? resolve("cancelled") : save()),
    });
  });
}

module.exports = { sharePicture };
