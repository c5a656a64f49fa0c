// @ts-check
const { isCancelled, refusal } = require("./refusal.js");

/** @typedef {"shared" | "cancelled" | "saved" | "shown"} Shared how the picture was handed over */

/**
 * Hands a picture to WeChat, which asks to whom it goes. Where it cannot, the picture is saved in the album; where that is
 * refused, it is shown, and WeChat's own menu sends it on. An iPhone does so only within the tap itself: no promise may be
 * waited for between the two.
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
      // The page in front shows a scan that is on this phone alone.
      entrancePath: "pages/scan/scan",
      success: () => resolve("shared"),
      fail: (error) => (isCancelled(error) ? resolve("cancelled") : save()),
    });
  });
}

module.exports = { sharePicture };
