// @ts-check
const { MOST_PHOTOS: MOST } = require("../scanner/scans/record.js");
const { isCancelled, refusal } = require("./refusal.js");

/**
 * Lets the grower take or choose photos.
 * @param {"camera" | "album"} source
 * @param {number} count at most
 * @returns {Promise<string[]>} empty if cancelled
 */
function takePhotos(source, count) {
  return new Promise((resolve, reject) => {
    wx.chooseMedia({
      count,
      mediaType: ["image"],
      sizeType: ["compressed"],
      sourceType: [source],
      success: ({ tempFiles }) => resolve(tempFiles.map((file) => file.tempFilePath)),
      fail: (error) => (isCancelled(error) ? resolve([]) : reject(refusal(error, "camera_refused"))),
    });
  });
}

/**
 * @param {string} filePath
 * @returns {Promise<ArrayBuffer>}
 */
function readPhoto(filePath) {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(/** @type {ArrayBuffer} */ (data)),
      fail: (error) => reject(refusal(error, "photo_missing")),
    });
  });
}

module.exports = { MOST, takePhotos, readPhoto };
