import { address } from "../phone.mjs";

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} */
export const theme = () => (dark.matches ? "dark" : "light");

/** @param {(theme: "light" | "dark") => void} listener */
export const onTheme = (listener) => dark.addEventListener("change", () => listener(theme()));

/**
 * What WeChat draws around a page: status bar, navigation bar, tab bar.
 * @param {{ app: any, theme: Record<string, Record<string, string>> }} program
 * @param {{ back: () => void, tab: (page: string) => void }} on
 */
export function createFrame({ app, theme: themes }, on) {
  const host = element("host");
  const bar = { ...app.tabBar, list: (app.tabBar?.list || []).map((/** @type {object} */ item) => ({ ...item })) };
  /** @type {Map<number, string>} */
  const badges = new Map();
  /** @type {{ title: string, config: Record<string, any>, deep: boolean, page: string } | null} */
  let shown = null;
  let tabsHidden = false;

  /** @type {HTMLButtonElement[]} */
  const buttons = bar.list.map((/** @type {any} */ { pagePath }) => {
    const button = document.createElement("button");
    button.setAttribute("role", "tab");
    button.onclick = () => on.tab(pagePath);
    button.append(Object.assign(new Image(), { alt: "" }), document.createElement("span"), document.createElement("i"));
    return button;
  });
  element("tabs").append(...buttons);
  element("back").onclick = on.back;
  clock();
  setInterval(clock, 10_000);
  new ResizeObserver(measure).observe(host);
  measure();
  onTheme(draw);

  /** @param {unknown} value a colour or file, or a name of theme.json's for it */
  function themed(value) {
    return typeof value === "string" && value.startsWith("@") ? (themes[theme()] || {})[value.slice(1)] : value;
  }

  function measure() {
    const { style } = document.documentElement;
    style.setProperty("--rpx", `${host.clientWidth / 750}px`);
    style.setProperty("--vw", `${host.clientWidth / 100}px`);
    style.setProperty("--vh", `${host.clientHeight / 100}px`);
  }

  function draw() {
    if (!shown) return;
    const { title, config, deep, page } = shown;
    const window = { ...app.window, ...config };
    const custom = window.navigationStyle === "custom";
    element("nav").hidden = custom;
    element("nav").style.display = custom ? "none" : "";
    element("title").textContent = title;
    element("back").hidden = !deep;
    const { style } = element("bar");
    style.background = String(themed(window.navigationBarBackgroundColor) || "#000000");
    style.color = String(themed(window.navigationBarTextStyle) || "white");
    host.style.background = String(themed(window.backgroundColor) || "");
    drawTabs(page);
  }

  /** @param {string} page */
  function drawTabs(page) {
    const tabs = element("tabs");
    tabs.hidden = tabsHidden || !bar.list.some((/** @type {any} */ { pagePath }) => pagePath === page);
    tabs.style.background = String(themed(bar.backgroundColor) || "");
    buttons.forEach((button, index) => {
      const item = bar.list[index];
      const selected = item.pagePath === page;
      button.setAttribute("aria-selected", String(selected));
      button.style.color = String(themed(selected ? bar.selectedColor : bar.color) || "");
      const [icon, text, badge] = /** @type {[HTMLImageElement, HTMLElement, HTMLElement]} */ ([...button.children]);
      const source = address(`/${String(themed(selected ? item.selectedIconPath : item.iconPath)).replace(/^\//, "")}`);
      if (icon.getAttribute("src") !== source) icon.src = source;
      text.textContent = item.text;
      badge.textContent = badges.get(index) || "";
      badge.className = badges.get(index) === "" ? "badge dot" : "badge";
      badge.hidden = !badges.has(index);
    });
  }

  return {
    host,
    themed,
    /** @param {NonNullable<typeof shown>} page */
    show(page) {
      shown = page;
      draw();
    },
    /** @param {object} style colours of the tab bar */
    styleTabs: (style) => void (Object.assign(bar, style), draw()),
    /** @param {number} index @param {object} item */
    setTab: (index, item) => void (Object.assign(bar.list[index], item), draw()),
    /** @param {number} index @param {string | null} text none takes it away, an empty one is a dot */
    setBadge: (index, text) => void (text === null ? badges.delete(index) : badges.set(index, text), draw()),
    /** @param {boolean} hidden */
    hideTabs: (hidden) => void ((tabsHidden = hidden), draw()),
  };
}

function clock() {
  const now = new Date();
  element("time").textContent = `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}
