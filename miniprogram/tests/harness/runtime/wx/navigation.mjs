import { api } from "../api.mjs";

/** @param {import("./index.mjs").Context} context */
export function navigationOf({ pages, frame }) {
  return {
    navigateTo: api("navigateTo", ({ url }) => pages.navigateTo(url)),
    navigateBack: api("navigateBack", ({ delta }) => pages.navigateBack(delta)),
    redirectTo: api("redirectTo", ({ url }) => pages.redirectTo(url)),
    switchTab: api("switchTab", ({ url }) => pages.switchTab(url)),
    reLaunch: api("reLaunch", ({ url }) => pages.reLaunch(url)),
    setNavigationBarTitle: api("setNavigationBarTitle", ({ title }) => pages.setTitle(title)),
    setNavigationBarColor: api("setNavigationBarColor", ({ frontColor, backgroundColor }) =>
      void Object.assign(/** @type {HTMLElement} */ (document.getElementById("bar")).style, { color: frontColor, background: backgroundColor })),
    setBackgroundColor: api("setBackgroundColor", ({ backgroundColor }) => void (frame.host.style.background = backgroundColor)),
    setTabBarItem: api("setTabBarItem", ({ index, success, fail, complete, ...item }) => frame.setTab(index, item)),
    setTabBarStyle: api("setTabBarStyle", ({ color, selectedColor, backgroundColor }) =>
      frame.styleTabs(JSON.parse(JSON.stringify({ color, selectedColor, backgroundColor })))),
    setTabBarBadge: api("setTabBarBadge", ({ index, text }) => frame.setBadge(index, String(text))),
    removeTabBarBadge: api("removeTabBarBadge", ({ index }) => frame.setBadge(index, null)),
    showTabBarRedDot: api("showTabBarRedDot", ({ index }) => frame.setBadge(index, "")),
    hideTabBarRedDot: api("hideTabBarRedDot", ({ index }) => frame.setBadge(index, null)),
    hideTabBar: api("hideTabBar", () => frame.hideTabs(true)),
    showTabBar: api("showTabBar", () => frame.hideTabs(false)),
    pageScrollTo: api("pageScrollTo", ({ scrollTop, selector, offsetTop = 0 }) => {
      const { view, instance } = pages.top();
      const found = selector ? instance._$.getShadowRoot().querySelector(selector)?.$$ : null;
      const top = found ? found.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop + offsetTop : scrollTop;
      view.scrollTo({ top });
    }),
    stopPullDownRefresh: api("stopPullDownRefresh", () => {}),
    exitMiniProgram: api("exitMiniProgram", () => location.reload()),
  };
}
