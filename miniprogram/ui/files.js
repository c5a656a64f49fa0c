// @ts-check

/**
 * Sends a file to a chat.
 * @param {string} filePath
 * @param {string} [fileName] what the receiver sees
 * @returns {Promise<void>}
 */
function sendFile(filePath, fileName) {
  return new Promise((resolve, reject) => {
    wx.shareFileMessage({ filePath, fileName, success: () => resolve(), fail: (error) => settleCancel(error, resolve, reject) });
  });
}

/**
 * A file from a chat.
 * @returns {Promise<string | null>} its path; null where the grower went back
 */
function receiveFile() {
  return new Promise((resolve, reject) => {
    wx.chooseMessageFile({
      count: 1,
      type: "file",
      success: ({ tempFiles }) => resolve(tempFiles[0].path),
      fail: (error) => settleCancel(error, () => resolve(null), reject),
    });
  });
}

/**
 * @param {{ errMsg: string }} error
 * @param {() => void} resolve
 * @param {(error: Error) => void} reject
 */
function settleCancel({ errMsg }, resolve, reject) {
  if (/cancel/i.test(errMsg)) resolve();
  else reject(Object.assign(new Error(errMsg), { code: "share_refused" }));
}

module.exports = { sendFile, receiveFile };
