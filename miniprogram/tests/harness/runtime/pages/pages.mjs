import { Failure } from "../phone.mjs";

const LIMIT = 10;

/**
 * @typedef {object} Page one open page
 * @property {string} path
 * @property {any} instance what `Page()` made
 * @property {any} root of the component framework
 * @property {HTMLElement} view its own document, as far as it can have one here
 * @property {string | null} title set by the page itself
 */

/**
 * The stack of pages. Those of the tab bar are kept once they were opened.
 * @param {object} options
 * @param {{ app: any, pages: string[], configs: Record<string, any> }} options.program
 * @param {(path: string) => any} options.create a page, not yet in a document
 * @param {HTMLElement} options.host
 * @param {(page: { title: string, config: any, deep: boolean, page: string }) => void} options.show
 */
export function createPages({ program, create, host, show }) {
  /** @type {Page[]} */
  let stack = [];
  /** @type {Map<string, Page>} */
  const tabs = new Map();
  const tabPaths = new Set((program.app.tabBar?.list || []).map((/** @type {any} */ { pagePath }) => pagePath));

  const top = () => stack[stack.length - 1];

  /** @param {string} url absolute, or relative to the page that is open */
  function parse(url) {
    if (typeof url !== "string") throw new Failure("parameter error: parameter.url should be String instead of Undefined;");
    const [target, query = ""] = url.split("?");
    const path = new URL(target, `http://package/${top()?.path || ""}`).pathname.slice(1);
    if (!program.pages.includes(path)) throw new Failure(`page "${path}" is not found`);
    const pairs = query.split("&").filter(Boolean).map((pair) => pair.split("="));
    return { path, query: Object.fromEntries(pairs.map(([key, ...value]) => [key, decodeURIComponent(value.join("="))])) };
  }

  /** @param {string} path @param {Record<string, string>} query @returns {Page} */
  function make(path, query) {
    const view = document.createElement("div");
    view.className = "webview";
    view.dataset.page = path;
    const placeholder = view.appendChild(document.createElement("div"));
    const root = create(path);
    const instance = root.get();
    Object.assign(instance, { route: path, is: path, options: query });
    const page = { path, instance, root, view, title: null };
    stack.push(page);
    instance.onLoad?.(query);
    host.append(view);
    root.attach(view, placeholder);
    view.addEventListener("scroll", () => instance.onPageScroll?.({ scrollTop: view.scrollTop }));
    setTimeout(() => instance.onReady?.());
    return page;
  }

  /** @param {Page | undefined} page */
  function leave(page) {
    if (!page || page.view.hidden) return;
    page.view.hidden = true;
    page.root.getComponent().triggerPageLifetime("hide", []);
    page.instance.onHide?.();
  }

  function arrive() {
    const page = top();
    page.view.hidden = false;
    page.root.getComponent().triggerPageLifetime("show", []);
    page.instance.onShow?.();
    draw();
  }

  function draw() {
    const { path, title } = top();
    const config = program.configs[path];
    show({ title: title ?? config.navigationBarTitleText ?? program.app.window?.navigationBarTitleText ?? "", config, deep: stack.length > 1, page: path });
  }

  /** @param {Page} page */
  function close(page) {
    page.instance.onUnload?.();
    page.root.release();
    page.view.remove();
    tabs.delete(page.path);
  }

  /** @param {string} url */
  function navigateTo(url) {
    const { path, query } = parse(url);
    if (tabPaths.has(path)) throw new Failure("can not navigateTo a tabbar page");
    if (stack.length >= LIMIT) throw new Failure("webview count limit exceed");
    leave(top());
    make(path, query);
    arrive();
  }

  /** @param {number} delta */
  function navigateBack(delta = 1) {
    if (stack.length < 2) throw new Failure("cannot navigate back at first page.");
    const rest = Math.max(1, stack.length - delta);
    for (const page of stack.splice(rest).reverse()) close(page);
    arrive();
  }

  /** @param {string} url */
  function redirectTo(url) {
    const { path, query } = parse(url);
    if (tabPaths.has(path)) throw new Failure("can not redirectTo a tabbar page");
    const old = /** @type {Page} */ (stack.pop());
    close(old);
    make(path, query);
    arrive();
  }

  /** @param {string} url */
  function switchTab(url) {
    const { path } = parse(url);
    if (!tabPaths.has(path)) throw new Failure("can not switch to no-tabBar page");
    if (top()?.path === path) return;
    for (const page of stack.filter(({ path }) => !tabPaths.has(path)).reverse()) close(page);
    for (const page of tabs.values()) leave(page);
    const open = tabs.get(path);
    stack = open ? [open] : [];
    if (!open) tabs.set(path, make(path, {}));
    arrive();
  }

  /** @param {string} url */
  function reLaunch(url) {
    const { path, query } = parse(url);
    for (const page of new Set([...stack, ...tabs.values()])) close(page);
    stack = [];
    const page = make(path, query);
    if (tabPaths.has(path)) tabs.set(path, page);
    arrive();
  }

  return {
    navigateTo, navigateBack, redirectTo, switchTab, reLaunch, top, draw,
    isTab: () => tabPaths.has(top().path),
    instances: () => stack.map(({ instance }) => instance),
    /** @param {string} title */
    setTitle(title) {
      top().title = title;
      draw();
    },
  };
}
