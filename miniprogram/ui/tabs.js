// @ts-check

const TABS = ["scan", "guide", "orchard", "history", "settings"];

/**
 * Names the tabs in the language of the words.
 * @param {(key: string) => string} t
 */
function nameTabs(t) {
  // WeChat names them only from a page that has the tabs in sight; the next such page tries again.
  TABS.forEach((tab, index) => wx.setTabBarItem({ index, text: t(`tab.${tab}`), fail: () => {} }));
}

module.exports = { nameTabs };
