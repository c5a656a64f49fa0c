// @ts-check
const { isCancelled, refusal } = require("./refusal.js");

/**
 * Sends a file to a chat. An iPhone allows that only synchronously within the tap: do not await anything before it.
 * @param {string} filePath
 * @param {string} [fileName] what the receiver sees
 * @returns {Promise<void>}
 */
function sendFile(filePath, fileName) {
  return new Promise((resolve, reject) => {
    wx.shareFileMessage({
      filePath,
      fileName,
      success: () => resolve(),
      fail: (error) => (isCancelled(error) ? resolve() : reject(refusal(error, "share_refused"))),
    });
  });
}

/**
 * Lets the grower choose a file from a chat.
 * @returns {Promise<string | null>} its path; null if cancelled
 */
function receiveFile() {
  return new Promise((resolve, reject) => {
    wx.chooseMessageFile({
      count: 1,
      type: "file",
      success: ({ tempFiles }) => resolve(tempFiles[0].path),
      fail: (error) => (isCancelled(error) ? resolve(null) : reject(refusal(error, "file_refused"))),
    });
  });
}

module.exports = { sendFile, receiveFile };
