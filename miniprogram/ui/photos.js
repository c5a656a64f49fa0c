// @ts-check

/** WeChat's word for a grower who thought better of it. */
const CANCELLED = /cancel/i;

/**
 * Photos from the camera or the album.
 * @param {"camera" | "album"} source
 * @param {number} count at most
 * @returns {Promise<string[]>} none where the grower went back
 */
function takePhotos(source, count) {
  return new Promise((resolve, reject) => {
    wx.chooseMedia({
      count,
      mediaType: ["image"],
      sizeType: ["compressed"],
      sourceType: [source],
      success: ({ tempFiles }) => resolve(tempFiles.map((file) => file.tempFilePath)),
      fail: (error) => {
        if (CANCELLED.test(error.errMsg)) resolve([]);
        else reject(refusal(error));
      },
    });
  });
}

/**
 * @param {WechatMiniprogram.GeneralCallbackResult & { errno?: number }} error
 */
function refusal({ errMsg, errno }) {
  return Object.assign(new Error(errMsg), { code: codeOf(errMsg, errno) });
}

/** @param {string} errMsg @param {number | undefined} errno */
function codeOf(errMsg, errno) {
  if (errno === 112) return "privacy_undeclared";
  if (errno === 104 || /privacy permission/i.test(errMsg)) return "privacy_declined";
  return "camera_refused";
}

module.exports = { takePhotos };
