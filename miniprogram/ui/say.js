// @ts-check
const { isCancelled, refusal } = require("./refusal.js");

/** Long enough to read a sentence. */
const READING = 3000;

/**
 * Shows a line that disappears by itself.
 * @param {string} title
 */
function toast(title) {
  wx.showToast({ title, icon: "none", duration: READING });
}

/**
 * Asks for confirmation. Rejects if the question could not be shown, since that is not an answer.
 * @param {{ title?: string, content: string, yes: string, no: string, danger?: boolean }} question `yes` and `no` have at
 *   most four characters: WeChat opens no dialog for longer ones
 * @returns {Promise<boolean>}
 */
function confirm({ title = "", content, yes, no, danger = false }) {
  return new Promise((resolve, reject) => {
    wx.showModal({
      title,
      content,
      confirmText: yes,
      cancelText: no,
      confirmColor: danger ? "#b3261e" : "#1c7337",
      success: ({ confirm: agreed }) => resolve(agreed),
      fail: (error) => (isCancelled(error) ? resolve(false) : reject(refusal(error, "dialog_failed"))),
    });
  });
}

module.exports = { toast, confirm };
