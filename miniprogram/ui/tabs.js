// @ts-check

const TABS = ["scan", "guide", "orchard", "history", "settings"];

/**
 * Sets the titles of the tabs in the current language.
 * @param {(key: string) => string} t
 */
function nameTabs(t) {
  // WeChat accepts this only on a page that shows the tabs; the next such page tries again.
  TABS.forEach((tab, index) => wx.setTabBarItem({ index, text: t(`tab.${tab}`), fail: () => {} }));
}

module.exports = { nameTabs };
