// @ts-check

/** Long enough to read a sentence. */
const READING = 3000;

/**
 * One line that goes away by itself.
 * @param {string} title
 */
function toast(title) {
  wx.showToast({ title, icon: "none", duration: READING });
}

/**
 * Asks before something that cannot be undone, or that was not meant by a slip of the finger.
 * @param {{ title?: string, content: string, yes: string, no: string, danger?: boolean }} question
 * @returns {Promise<boolean>}
 */
function confirm({ title = "", content, yes, no, danger = false }) {
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content,
      confirmText: yes,
      cancelText: no,
      confirmColor: danger ? "#b3261e" : "#1c7337",
      success: ({ confirm: agreed }) => resolve(agreed),
      fail: () => resolve(false),
    });
  });
}

/**
 * Lets one of a few be chosen.
 * @param {string[]} items
 * @param {string} [title]
 * @returns {Promise<number>} its index; -1 for none
 */
function choose(items, title) {
  return new Promise((resolve) => {
    wx.showActionSheet({
      alertText: title,
      itemList: items,
      success: ({ tapIndex }) => resolve(tapIndex),
      fail: () => resolve(-1),
    });
  });
}

module.exports = { toast, confirm, choose };
